pragma ComponentBehavior: Bound

import QtQuick

/* Colours of the call board, as kiosk/look.py makes them; all pairs that carry text are at least 7:1. */
QtObject {
    property color ground
    property color row
    property color text
    property color quiet
    property color call
    property color callInk
    property color line
}

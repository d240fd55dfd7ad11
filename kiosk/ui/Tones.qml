pragma ComponentBehavior: Bound

import QtQuick

/* Colours of windows in one mode, as kiosk/look.py makes them. */
QtObject {
    property color ink
    property color navy
    property color navyPressed
    property color muted
    property color line
    property color border
    property color ground
    property color card
    property color tint
    property color pressed
    property color ready
    property color warning
    property color warningTint
    property color emblem
    property color onDark
    property color onDarkQuiet
    property color onDarkBorder
    property color veil
}

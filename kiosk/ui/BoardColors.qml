pragma ComponentBehavior: Bound

import QtQuick

/* Colours of the call board; all pairs that carry text are at least 7:1. */
QtObject {
    readonly property color ground: "#0A2440"
    readonly property color row: "#123657"
    readonly property color text: "#FFFFFF"
    readonly property color quiet: "#C9D6E4"
    readonly property color call: "#FFD54A"
    readonly property color callInk: "#0A2440"
    readonly property color line: "#2A4C6E"
}

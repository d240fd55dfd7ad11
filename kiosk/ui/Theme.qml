pragma Singleton

import QtQuick

/*
 * Looks of all windows. Sizes are millimetres on the glass: `mm(20)` is the pixels of 20 mm, `caps(4.8)` the
 * font size whose capital letters are 4.8 mm high, `degrees(0.7)` the millimetres that 0.7 degrees of
 * sight take at the viewing distance. `scale` lets a layout grow with a large screen.
 */
QtObject {
    id: theme

    property real pxPerMm: 4
    property real scale: 1
    property real distanceMm: 600
    property bool big: false
    property bool contrast: false

    readonly property real unit: pxPerMm * scale

    // Be Vietnam Pro: capitals are 0.74 em, a line 1.265 em.
    readonly property string family: "Be Vietnam Pro"
    readonly property real capsPerEm: 0.74
    readonly property real lineHeight: 1.265

    // Colours of the touch window.
    readonly property color ink: contrast ? "#000000" : "#12263A"
    readonly property color navy: contrast ? "#001B3D" : "#0E2F52"
    readonly property color navyPressed: contrast ? "#000000" : "#1B4674"
    readonly property color muted: contrast ? "#000000" : "#3D4C5B"
    readonly property color line: contrast ? "#000000" : "#DAD6CC"
    readonly property color border: contrast ? "#000000" : "#7F8A95"
    readonly property color ground: contrast ? "#FFFFFF" : "#F6F4EF"
    readonly property color card: "#FFFFFF"
    readonly property color tint: contrast ? "#FFFFFF" : "#E9EEF5"
    readonly property color pressed: contrast ? "#FFF1A8" : "#E3EBF5"
    readonly property color ready: contrast ? "#00401F" : "#0B5D3B"
    readonly property color warning: contrast ? "#4A2600" : "#6B4000"
    readonly property color warningTint: contrast ? "#FFFFFF" : "#FBF1DC"
    readonly property color emblem: "#B3152B"
    readonly property color onDark: "#FFFFFF"
    readonly property color onDarkQuiet: contrast ? "#FFFFFF" : "#EFF4FA"
    readonly property color onDarkBorder: contrast ? "#FFFFFF" : "#8FA3B8"
    readonly property color veil: "#A00A1826"

    readonly property BoardColors board: BoardColors {}

    // Capital heights in millimetres, for reading at arm's length.
    readonly property real caption: 4.8
    readonly property real body: 5.4
    readonly property real title: 7.4
    readonly property real heading: 9.2
    readonly property real clock: 11.2

    readonly property real bigCaps: degrees(0.7)

    // Millimetres: corners, gaps, the least a finger needs.
    readonly property real cardRadius: 8.6
    readonly property real buttonRadius: 7
    readonly property real margin: 14
    readonly property real gap: 6.4
    readonly property real target: 20

    // Milliseconds.
    readonly property int calm: 250

    function mm(length: real): real {
        return Math.round(length * unit);
    }

    function degrees(angle: real): real {
        return 2 * distanceMm * Math.tan(angle * Math.PI / 360);
    }

    function caps(height: real): int {
        const wanted = big ? Math.max(height * 1.15, bigCaps / scale) : height;
        return Math.ceil(wanted * unit / capsPerEm);
    }

    // The smallest font size that a text may shrink to.
    function leastCaps(): int {
        return Math.ceil((big ? bigCaps : caption) * pxPerMm * Math.min(1, scale) / capsPerEm);
    }
}

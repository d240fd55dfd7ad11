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

    // Colours of windows; all of them follow from what the office chose (kiosk/look.py, handed over by the engine).
    property var look: ({})
    readonly property Tones standard: Tones {}
    readonly property Tones high: Tones {}
    readonly property BoardColors board: BoardColors {}
    readonly property Tones tones: contrast ? high : standard
    readonly property color ink: tones.ink
    readonly property color navy: tones.navy
    readonly property color navyPressed: tones.navyPressed
    readonly property color muted: tones.muted
    readonly property color line: tones.line
    readonly property color border: tones.border
    readonly property color ground: tones.ground
    readonly property color card: tones.card
    readonly property color tint: tones.tint
    readonly property color pressed: tones.pressed
    readonly property color ready: tones.ready
    readonly property color warning: tones.warning
    readonly property color warningTint: tones.warningTint
    readonly property color emblem: tones.emblem
    readonly property color onDark: tones.onDark
    readonly property color onDarkQuiet: tones.onDarkQuiet
    readonly property color onDarkBorder: tones.onDarkBorder
    readonly property color veil: tones.veil

    // The office's emblem: a picture, "" for the drawn sign, and how many times as wide as high it is.
    property string emblemSource: ""
    property real emblemRatio: 1

    onLookChanged: {
        for (const [name, tones] of [["standard", standard], ["contrast", high], ["board", board]]) {
            for (const [token, colour] of Object.entries(look[name] ?? {}))
                tones[token] = colour;
        }
        emblemSource = look.emblem?.source ?? "";
        emblemRatio = look.emblem?.ratio ?? 1;
    }

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

    readonly property int hair: Math.max(1, Math.round(0.4 * unit))
    readonly property int rim: Math.max(hair, Math.round((contrast ? 0.75 : 0.5) * unit))
    readonly property int rimStrong: Math.max(rim + 1, Math.round(1.25 * unit))

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

    // With "Ông/Bà" held together by a joiner: a line may else end after its stroke.
    function joined(text: string): string {
        return text.replace(/\//g, "/\u2060");
    }

    // The smallest font size that a text may shrink to.
    function leastCaps(): int {
        return Math.ceil((big ? bigCaps : caption) * pxPerMm * Math.min(1, scale) / capsPerEm);
    }
}

pragma ComponentBehavior: Bound

import QtQuick

/* Seconds that run, digits in fixed cells so that nothing jumps (the face has no tabular figures). */
Item {
    id: digits

    property string text: ""
    property real size: Theme.clock
    property int weight: Font.Bold
    property color color: Theme.ink
    // Without it `size` gives the font; the call board gives pixels.
    property int pixelSize: Theme.caps(size)

    Accessible.name: text
    Accessible.role: Accessible.StaticText
    implicitHeight: row.implicitHeight
    implicitWidth: row.implicitWidth

    FontMetrics {
        id: metrics

        font.family: Theme.family
        font.pixelSize: digits.pixelSize
        font.weight: digits.weight
    }

    Row {
        id: row

        Repeater {
            model: digits.text.length

            Words {
                id: cell

                required property int index
                readonly property string sign: digits.text.charAt(index)
                readonly property bool figure: sign >= "0" && sign <= "9"

                Accessible.ignored: true
                color: digits.color
                font.pixelSize: digits.pixelSize
                horizontalAlignment: Text.AlignHCenter
                text: sign
                weight: digits.weight
                // 4 is the widest figure. The share is 1; reading it lets the cell follow a change of the font.
                width: Math.ceil(metrics.advanceWidth(figure ? "4" : sign) * digits.pixelSize / metrics.font.pixelSize)
                wrapMode: Text.NoWrap
            }
        }
    }
}

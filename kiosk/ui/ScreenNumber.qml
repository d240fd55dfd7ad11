pragma ComponentBehavior: Bound

import QtQuick

/* Fills one screen with its number while setup asks which is which, and with a code to be scanned where there is one. */
Window {
    id: root

    required property string number
    required property string name
    required property string told
    // The bars of a Code 128, "1" for black; "" for none. A bar is at least 0.4 mm wide.
    required property string bars
    required property string code
    required property real dotsPerMm

    color: Theme.ground
    height: 600
    title: root.name
    width: 800

    Binding {
        property: "pxPerMm"
        target: Theme
        value: root.height / 200
    }

    Card {
        anchors.fill: parent
        anchors.margins: Theme.mm(12)

        Words {
            anchors.horizontalCenter: parent.horizontalCenter
            anchors.top: parent.top
            anchors.topMargin: Theme.mm(6)
            color: Theme.navy
            size: root.bars === "" ? 70 : 24
            text: root.number
            weight: Font.ExtraBold
        }

        Column {
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.mm(14)
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.mm(6)
            width: parent.width - Theme.mm(20)

            Rectangle {
                anchors.horizontalCenter: parent.horizontalCenter
                color: "white"
                height: Theme.mm(60)
                visible: root.bars !== ""
                width: bars.width + bars.height / 2

                Row {
                    id: bars

                    readonly property int dot: Math.max(2, Math.round(0.4 * root.dotsPerMm))

                    anchors.centerIn: parent
                    height: parent.height - Theme.mm(8)

                    Repeater {
                        model: root.bars.length

                        Rectangle {
                            required property int index

                            color: root.bars[index] === "1" ? "black" : "white"
                            height: bars.height
                            width: bars.dot
                        }
                    }
                }
            }

            Words {
                horizontalAlignment: Text.AlignHCenter
                size: 8
                text: root.code
                visible: root.code !== ""
                weight: Font.Bold
                width: parent.width
            }

            Words {
                horizontalAlignment: Text.AlignHCenter
                size: 8
                text: root.name
                weight: Font.Bold
                width: parent.width
            }

            Words {
                color: Theme.muted
                horizontalAlignment: Text.AlignHCenter
                size: 5.4
                text: root.told
                width: parent.width
            }
        }
    }
}

pragma ComponentBehavior: Bound

import QtQuick

/* The number of a screen while setup asks which is which, and a code to be scanned where there is one. */
Window {
    id: root

    required property string number
    required property string name
    required property string told
    // The bars of a Code 128, "1" for black, "" for none; and how many pixels wide each is.
    required property string bars
    required property string code
    required property int dot

    color: Theme.ground
    height: 480
    title: root.name
    width: 480

    Binding {
        property: "pxPerMm"
        target: Theme
        value: root.height / 200
    }

    Card {
        anchors.fill: parent
        anchors.margins: Theme.mm(4)

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
                color: Theme.card
                height: Theme.mm(60)
                visible: root.bars !== ""
                width: bars.width + 20 * root.dot

                Row {
                    id: bars

                    anchors.centerIn: parent
                    height: parent.height - Theme.mm(8)

                    Repeater {
                        model: root.bars.length

                        Rectangle {
                            required property int index

                            color: root.bars[index] === "1" ? Theme.ink : Theme.card
                            height: bars.height
                            width: root.dot
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

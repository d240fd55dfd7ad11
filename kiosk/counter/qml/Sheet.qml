pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.counter
import kiosk.ui

/* One question over the desk, or something to read, with a key that closes it. */
Rectangle {
    id: sheet

    required property CounterBridge bridge
    readonly property var asked: bridge.sheet
    readonly property real edge: Theme.mm(5.4)

    color: Theme.ground
    onVisibleChanged: {
        entry.text = "";
        if (visible && asked.entry !== "")
            entry.input.forceActiveFocus();
        else if (!visible)
            entry.input.focus = false;
    }

    Words {
        anchors.left: parent.left
        anchors.leftMargin: sheet.edge
        anchors.right: close.left
        anchors.rightMargin: Theme.mm(3)
        fit: true
        height: close.height
        size: 5.8
        text: sheet.asked.title
        verticalAlignment: Text.AlignVCenter
        weight: Font.Bold
        y: close.y
    }

    Key {
        id: close

        anchors.right: parent.right
        anchors.rightMargin: sheet.edge
        cap: "Esc"
        onClicked: sheet.bridge.closeSheet()
        text: sheet.asked.close
        y: Theme.mm(3)
    }

    Flickable {
        id: scroll

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.mm(3)
        anchors.left: parent.left
        anchors.leftMargin: sheet.edge
        anchors.right: parent.right
        anchors.rightMargin: sheet.edge
        anchors.top: close.bottom
        anchors.topMargin: Theme.mm(3.4)
        clip: true
        contentHeight: inside.height
        interactive: contentHeight > height

        ScrollBar.vertical: ScrollBar {
            policy: scroll.interactive ? ScrollBar.AlwaysOn : ScrollBar.AlwaysOff
        }

        Column {
            id: inside

            spacing: Theme.mm(2.6)
            width: scroll.width - (scroll.interactive ? Theme.mm(6) : 0)

            Words {
                size: Theme.caption
                text: sheet.asked.text
                visible: text !== ""
                width: parent.width
            }

            Repeater {
                model: sheet.asked.lines

                Words {
                    required property string modelData

                    color: Theme.warning
                    size: Theme.caption
                    text: modelData
                    weight: Font.DemiBold
                    width: inside.width
                }
            }

            Row {
                spacing: Theme.mm(2.6)
                visible: sheet.asked.places.length > 0

                Repeater {
                    model: 2

                    Key {
                        required property int index

                        cap: index === 1 ? "End" : ""
                        chosen: sheet.asked.keep === (index === 0)
                        onClicked: sheet.bridge.keepPlace(index === 0)
                        text: sheet.asked.places[index] ?? ""
                        width: Math.floor((inside.width - Theme.mm(2.6)) / 2)
                    }
                }
            }

            Field {
                id: entry

                label: sheet.asked.entry
                maximumLength: 80
                onAccepted: sheet.bridge.give(text)
                visible: label !== ""
                width: parent.width
            }

            Words {
                color: Theme.warning
                size: Theme.caption
                text: sheet.asked.alert
                visible: text !== ""
                weight: Font.DemiBold
                width: parent.width
            }

            Key {
                height: Theme.mm(22)
                kind: ActionButton.Primary
                onClicked: sheet.bridge.give(entry.text)
                size: Theme.body
                text: sheet.asked.submit
                visible: text !== ""
                width: parent.width
            }

            Grid {
                id: choices

                readonly property bool wide: sheet.asked.choices.length > 5 && sheet.asked.choices[0].who === ""

                columns: wide ? 2 : 1
                spacing: Theme.mm(2.6)

                Repeater {
                    model: sheet.asked.choices

                    ChoiceRow {
                        required property var modelData

                        bridge: sheet.bridge
                        choice: modelData
                        width: Math.floor(choices.wide ? (inside.width - choices.spacing) / 2 : inside.width)
                    }
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* Ways to make the screen easier; they end with the visit. */
Sheet {
    id: sheet

    required property TouchBridge bridge
    required property bool lowers
    required property bool wide
    readonly property var access: bridge.access
    readonly property var icons: ({
            big: "text-size",
            contrast: "contrast",
            reach: "reach",
            speech: "speaker"
        })
    readonly property var none: ({
            key: "",
            name: "",
            chosen: false
        })
    readonly property int shownModes: lowers ? access.modes.length : access.modes.length - 1
    readonly property bool stacked: !wide

    cardWidth: Theme.mm(wide ? 284 : 240)
    onTouchedBeside: bridge.closeAccess()
    visible: access.shown

    Words {
        Accessible.name: sheet.access.title
        size: Theme.title
        text: Theme.joined(sheet.access.title)
        weight: Font.Bold
        width: parent.width
    }

    Grid {
        id: modes

        columns: sheet.stacked ? 1 : sheet.shownModes === 4 || (Theme.big && sheet.width < Theme.mm(400)) ? 2 : sheet.shownModes
        columnSpacing: Theme.mm(5)
        rowSpacing: Theme.mm(5)
        width: parent.width

        Repeater {
            model: sheet.shownModes

            ActionButton {
                required property int index
                readonly property var mode: sheet.access.modes[index] ?? sheet.none

                Accessible.checkable: true
                Accessible.checked: chosen
                Accessible.role: Accessible.CheckBox
                chosen: mode.chosen
                height: Math.max(Theme.mm(26), implicitHeight)
                iconName: chosen ? "check" : sheet.icons[mode.key] ?? ""
                leftPadding: Theme.mm(4)
                onClicked: sheet.bridge.switchMode(mode.key)
                rightPadding: Theme.mm(4)
                text: mode.name
                width: Math.floor((modes.width - (modes.columns - 1) * modes.columnSpacing) / modes.columns)
            }
        }
    }

    Item {
        height: quieter.height
        visible: sheet.access.volume !== ""
        width: parent.width

        ActionButton {
            id: quieter

            Accessible.name: sheet.access.quieter
            height: Theme.mm(Theme.target)
            iconName: "minus-circle"
            onClicked: sheet.bridge.changeVolume(-1)
            width: Theme.mm(30)
        }

        Words {
            anchors.left: quieter.right
            anchors.right: louder.left
            anchors.verticalCenter: parent.verticalCenter
            horizontalAlignment: Text.AlignHCenter
            text: sheet.access.volume
            weight: Font.DemiBold
        }

        ActionButton {
            id: louder

            Accessible.name: sheet.access.louder
            anchors.right: parent.right
            height: Theme.mm(Theme.target)
            iconName: "plus-circle"
            onClicked: sheet.bridge.changeVolume(1)
            width: Theme.mm(30)
        }
    }

    ActionButton {
        height: Theme.mm(Theme.target)
        onClicked: sheet.bridge.closeAccess()
        text: sheet.access.close
        width: parent.width
    }
}

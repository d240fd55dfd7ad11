pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* Who is called before others says so for the next number; which class it was is shown nowhere afterwards. */
Sheet {
    id: sheet

    required property TouchBridge bridge
    required property bool wide
    readonly property var classes: bridge.classes
    readonly property int columns: wide || (classes.classes.length > 6 && !Theme.big) ? 2 : 1
    readonly property real gap: Theme.mm(4)

    // For the moment in which the sheet goes.
    readonly property var nothing: ({
            key: "",
            name: ""
        })

    cardWidth: Theme.mm(wide ? 290 : 244)
    onTouchedBeside: bridge.chooseClass("")
    pad: Theme.mm(wide ? Theme.big ? 6 : 9 : 12)
    visible: classes.shown

    Words {
        size: sheet.wide && Theme.big ? Theme.body : Theme.title
        text: sheet.classes.title
        weight: Font.Bold
        width: parent.width
    }

    Words {
        color: Theme.muted
        size: Theme.caption
        text: sheet.classes.text
        width: parent.width
    }

    Grid {
        id: grid

        columnSpacing: sheet.gap
        columns: sheet.columns
        rowSpacing: sheet.gap
        width: parent.width

        Repeater {
            model: sheet.classes.classes.length

            ActionButton {
                required property int index
                readonly property var told: sheet.classes.classes[index] ?? sheet.nothing

                bottomPadding: Theme.mm(1)
                height: Theme.mm(Theme.big && sheet.columns === 2 ? 27 : 22)
                leftPadding: Theme.mm(4)
                onClicked: sheet.bridge.chooseClass(told.key)
                rightPadding: Theme.mm(4)
                text: told.name
                topPadding: Theme.mm(1)
                width: Math.floor((grid.width - (grid.columns - 1) * grid.columnSpacing) / grid.columns)
            }
        }
    }

    ActionButton {
        height: Theme.mm(Theme.target)
        iconName: "x"
        onClicked: sheet.bridge.chooseClass("")
        text: sheet.classes.close
        width: parent.width
    }
}

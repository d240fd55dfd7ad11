pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.ui

/* Where one touches to type what is looked for. */
AbstractButton {
    id: box

    Accessible.name: text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus
    implicitHeight: Theme.mm(Theme.big ? 26 : 22)

    background: Rectangle {
        border.color: Theme.navy
        border.width: box.visualFocus || box.down ? Theme.rimStrong : Theme.mm(1)
        color: box.down ? Theme.pressed : Theme.card
        radius: Theme.mm(Theme.buttonRadius)
    }

    contentItem: Item {
        Icon {
            id: glass

            color: Theme.navy
            glyph: "search"
            size: Theme.mm(10)
            x: Theme.mm(5)
            y: (box.height - height) / 2
        }

        Words {
            Accessible.ignored: true
            color: Theme.muted
            fit: true
            height: box.height
            text: box.text
            verticalAlignment: Text.AlignVCenter
            width: box.width - x - Theme.mm(5)
            x: glass.x + glass.width + Theme.mm(4)
        }
    }
}

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.ui

/* One line to type in, with its name before it. */
Item {
    id: field

    required property string label
    property alias text: input.text
    property alias echoMode: input.echoMode
    property alias maximumLength: input.maximumLength
    property alias input: input

    signal accepted

    height: Theme.mm(20)

    Words {
        Accessible.ignored: true
        fit: true
        height: parent.height
        size: Theme.caption
        text: field.label
        verticalAlignment: Text.AlignVCenter
        weight: Font.DemiBold
        width: Math.floor(field.width * 0.38) - Theme.mm(4)
    }

    TextField {
        id: input

        Accessible.name: field.label
        bottomPadding: 0
        color: Theme.ink
        font.family: Theme.family
        font.pixelSize: Theme.caps(Theme.body)
        font.weight: Font.Medium
        height: parent.height
        inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
        leftPadding: Theme.mm(5)
        onAccepted: field.accepted()
        rightPadding: Theme.mm(5)
        selectByMouse: true
        selectedTextColor: Theme.onDark
        selectionColor: Theme.navy
        topPadding: 0
        verticalAlignment: TextInput.AlignVCenter
        width: field.width - x
        x: Math.floor(field.width * 0.38)

        background: Rectangle {
            border.color: input.activeFocus ? Theme.navy : Theme.border
            border.width: input.activeFocus ? Theme.rimStrong : Theme.rim
            color: Theme.card
            radius: Theme.mm(5)
        }
    }
}

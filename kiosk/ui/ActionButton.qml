pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic

/* A key that does something: a verb, perhaps an icon before it, and after it the key of the keyboard that does the
 * same (`cap`). Its pressed look needs no frame more. */
Button {
    id: button

    enum Kind {
        Plain,
        Primary,
        OnDark,
        Light
    }

    property int kind: ActionButton.Plain
    property string iconName: ""
    property color lightInk: Theme.ready
    property real size: Theme.body
    property real radius: Theme.mm(Theme.buttonRadius)
    property bool chosen: false
    property string cap: ""
    // Pixels of the frame.
    property int rim: Theme.rim

    readonly property bool dark: kind === ActionButton.Primary || chosen
    readonly property color inkColor: {
        if (button.dark || button.kind === ActionButton.OnDark)
            return Theme.onDark;
        return button.kind === ActionButton.Light ? button.lightInk : Theme.ink;
    }

    Accessible.name: text
    Accessible.role: Accessible.Button
    bottomPadding: Theme.mm(2)
    focusPolicy: Qt.TabFocus
    font.family: Theme.family
    font.pixelSize: Theme.caps(size)
    font.weight: Font.DemiBold
    implicitHeight: Math.max(Theme.mm(Theme.target), implicitContentHeight + topPadding + bottomPadding)
    implicitWidth: Math.max(Theme.mm(Theme.target), implicitContentWidth + leftPadding + rightPadding)
    leftPadding: Theme.mm(7)
    opacity: enabled ? 1 : 0.45
    rightPadding: Theme.mm(7)
    topPadding: Theme.mm(2)

    background: Rectangle {
        border.color: button.kind === ActionButton.OnDark ? Theme.onDarkBorder : button.kind === ActionButton.Light ? button.lightInk : Theme.border
        border.width: button.visualFocus ? Math.max(Theme.rimStrong, button.rim + 1) : button.dark ? 0 : button.rim
        color: {
            if (button.dark)
                return button.down ? Theme.navyPressed : Theme.navy;
            if (button.kind === ActionButton.OnDark)
                return button.down ? Theme.navyPressed : "transparent";
            return button.down ? Theme.pressed : Theme.card;
        }
        radius: button.radius
    }

    contentItem: Item {
        implicitHeight: Math.max(label.implicitHeight, icon.visible ? icon.size : 0)
        implicitWidth: label.implicitWidth + (icon.visible ? icon.size + (label.visible ? row.spacing : 0) : 0) + (keyCap.visible ? keyCap.width + row.spacing : 0)

        Row {
            id: row

            anchors.centerIn: parent
            spacing: Theme.mm(3.4)

            Icon {
                id: icon

                anchors.verticalCenter: parent.verticalCenter
                color: button.inkColor
                glyph: button.iconName
                size: Math.round(button.font.pixelSize * 1.3)
                visible: button.iconName !== ""
            }

            Words {
                id: label

                readonly property real room: button.availableWidth - (icon.visible ? icon.size + row.spacing : 0) - (keyCap.visible ? keyCap.width + row.spacing : 0)

                Accessible.ignored: true
                anchors.verticalCenter: parent.verticalCenter
                color: button.inkColor
                font.pixelSize: button.font.pixelSize
                fontSizeMode: Text.Fit
                height: Math.min(implicitHeight, button.availableHeight)
                horizontalAlignment: Text.AlignHCenter
                text: button.text
                verticalAlignment: Text.AlignVCenter
                visible: text !== ""
                weight: button.font.weight
                width: Math.min(Math.ceil(implicitWidth), room)
            }

            KeyCap {
                id: keyCap

                anchors.verticalCenter: parent.verticalCenter
                ink: button.inkColor
                size: button.size * 0.86
                text: button.cap
            }
        }
    }
}

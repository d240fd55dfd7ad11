pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.ui

/* A key as wide as a card, that says in a second line what it takes. */
Button {
    id: key

    required property string glyph
    required property string more
    required property bool wide
    property bool low: false

    readonly property real pad: Theme.mm(wide ? 6 : 12)

    Accessible.description: more
    Accessible.name: text
    Accessible.role: Accessible.Button
    bottomPadding: Theme.mm(wide ? 3 : 5)
    focusPolicy: Qt.TabFocus
    implicitHeight: Math.max(Theme.mm(Theme.target), implicitContentHeight + topPadding + bottomPadding)
    leftPadding: pad
    rightPadding: pad
    topPadding: bottomPadding

    background: Rectangle {
        border.color: Theme.border
        border.width: key.visualFocus ? Theme.rimStrong : Theme.rim
        color: key.down ? Theme.pressed : Theme.card
        radius: Theme.mm(Theme.cardRadius)
    }

    contentItem: Item {
        implicitHeight: Math.max(words.height, icon.size)

        Icon {
            id: icon

            anchors.verticalCenter: parent.verticalCenter
            color: Theme.navy
            glyph: key.glyph
            size: Theme.mm(key.wide ? 10 : 13)
        }

        Column {
            id: words

            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.mm(0.6)
            width: parent.width - x
            x: icon.size + Theme.mm(key.wide ? 4 : 8)

            Words {
                Accessible.ignored: true
                size: key.wide ? Theme.body : 6
                text: key.text
                weight: Font.Bold
                width: parent.width
            }

            Words {
                Accessible.ignored: true
                color: Theme.muted
                maximumLineCount: 2
                size: Theme.caption
                text: key.more
                visible: !(key.wide && Theme.big) && !key.low
                width: parent.width
                wrapMode: Text.Wrap
            }
        }
    }
}

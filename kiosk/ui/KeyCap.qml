pragma ComponentBehavior: Bound

import QtQuick

/* A key of the keyboard, as it looks there; nothing without a `text`. */
Rectangle {
    id: cap

    property string text: ""
    property real size: Theme.caption
    property color ink: Theme.ink

    border.color: ink
    border.width: Theme.hair
    color: "transparent"
    height: words.implicitHeight + Theme.mm(1)
    radius: height / 4
    visible: text !== ""
    width: Math.max(height * 1.15, words.implicitWidth + Theme.mm(6))

    Words {
        id: words

        Accessible.ignored: true
        anchors.centerIn: parent
        color: cap.ink
        size: cap.size
        text: cap.text
        weight: Font.DemiBold
        wrapMode: Text.NoWrap
    }
}

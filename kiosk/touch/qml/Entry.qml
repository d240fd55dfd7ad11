pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* What is being typed. Keys of a keyboard or keypad write here while the walk stands on it: those in `signs`. */
Rectangle {
    id: box

    required property string label
    required property string entry
    required property string empty
    property string signs: "0123456789"
    property bool ready: false
    property real size: Theme.heading
    property int wrapMode: Text.WrapAnywhere
    readonly property bool types: true

    signal written(string sign)
    signal erased
    signal confirmed

    Accessible.name: label
    Accessible.role: Accessible.EditableText
    activeFocusOnTab: true
    border.color: Theme.navy
    border.width: Theme.mm(1)
    color: Theme.card
    radius: Theme.mm(Theme.buttonRadius)

    Words {
        Accessible.ignored: true
        anchors.fill: parent
        anchors.leftMargin: Theme.mm(5)
        anchors.rightMargin: Theme.mm(5)
        color: box.entry ? Theme.ink : Theme.muted
        fit: true
        size: box.size
        text: box.entry || box.empty
        verticalAlignment: Text.AlignVCenter
        weight: box.entry ? Font.Bold : Font.Medium
        wrapMode: box.wrapMode
    }
}

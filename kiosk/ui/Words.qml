pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic

/* A text for people: plain always, in the house's face; `size` is the capitals' height in millimetres. */
Label {
    id: words

    property real size: Theme.body
    property int weight: Font.Normal
    // Shrinks the text into the height and width that the item was given, down to the least legible size; a name that
    // is too long even so ends with an ellipsis, and never lies over what is beside it.
    property bool fit: false

    Accessible.name: text
    Accessible.role: Accessible.StaticText
    color: Theme.ink
    elide: fit && wrapMode !== Text.NoWrap ? Text.ElideRight : Text.ElideNone
    font.family: Theme.family
    font.pixelSize: Theme.caps(size)
    font.weight: weight
    fontSizeMode: fit ? Text.Fit : Text.FixedSize
    minimumPixelSize: Theme.leastCaps()
    textFormat: Text.PlainText
    wrapMode: fit ? Text.Wrap : Text.WordWrap
}

pragma ComponentBehavior: Bound

import QtQuick

/* The office's sign on its plate: the picture it chose, else a public building on red. `size` is the plate's height; a
   wide picture has a wide plate. */
Rectangle {
    id: emblem

    property real size: Theme.mm(26)
    readonly property bool own: Theme.emblemSource !== ""
    // Of the height; the plate of the drawn sign, and that of a picture which is not as good as square.
    readonly property real rim: 0.1

    Accessible.ignored: true
    border.color: Theme.line
    border.width: own && color === Theme.card ? Theme.hair : 0
    color: Theme.emblem
    height: size
    radius: size * 0.27
    width: own ? Math.round(size * Math.min(2.6, Math.max(1, Theme.emblemRatio * (1 - 2 * rim) + 2 * rim))) : size

    Icon {
        anchors.centerIn: parent
        color: Theme.onDark
        glyph: "emblem"
        size: Math.round(emblem.size * 0.54)
        visible: !emblem.own
    }

    Image {
        anchors.fill: parent
        anchors.margins: Math.round(emblem.size * emblem.rim)
        fillMode: Image.PreserveAspectFit
        smooth: true
        source: Theme.emblemSource
        sourceSize.height: height
        sourceSize.width: width
        visible: emblem.own
    }
}

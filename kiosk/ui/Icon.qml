pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.impl

/* One of our line icons, by its name (`glyph`), in one colour; `size` is its side in pixels. */
IconImage {
    id: icon

    required property string glyph
    property real size: Theme.mm(8)

    Accessible.ignored: true
    color: Theme.ink
    height: size
    source: glyph ? Qt.resolvedUrl("../../assets/icons/" + glyph + ".svg") : ""
    sourceSize.height: size
    sourceSize.width: size
    width: size
}

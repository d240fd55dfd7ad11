pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* One notice of the office. */
Card {
    id: screen

    required property CatalogueBridge bridge
    required property bool wide
    readonly property var page: bridge.page
    readonly property real pad: Theme.mm(wide ? 9 : 14)

    Words {
        id: title

        fit: true
        height: Math.min(implicitHeight, Theme.mm(screen.wide ? 30 : 46))
        size: screen.wide ? 8 : Theme.heading
        text: screen.page.title
        weight: Font.Bold
        width: parent.width - 2 * screen.pad
        x: screen.pad
        y: screen.pad * 0.9
    }

    Pieces {
        height: screen.height - y - screen.pad * 0.9
        keys: screen.bridge.keys
        onTurned: page => screen.bridge.turnPart(page)
        textSize: screen.wide ? Theme.body : 6
        told: screen.page
        width: title.width
        x: screen.pad
        y: title.y + title.height + Theme.mm(screen.wide ? 5 : 8)
    }
}

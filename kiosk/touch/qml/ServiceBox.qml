pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.ui

/* One service to touch. Tall boxes stack icon, name and facts; flat ones set them side by side. */
AbstractButton {
    id: box

    required property var card
    required property bool flat
    // Who walks by keys begins here.
    readonly property bool leads: true
    readonly property bool closed: card.refusal !== ""
    readonly property bool lit: down || card.busy
    readonly property bool low: height < Theme.mm(Theme.big ? 109 : 78)
    readonly property real pad: Theme.mm(flat ? 4.4 : low ? 6 : 9)
    readonly property real tileSize: Theme.mm(flat ? Math.min(20, height / Theme.unit - 7) : low ? 19 : 26)

    Accessible.name: card.spoken
    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus

    background: Card {
        color: box.lit ? Theme.pressed : Theme.card

        Rectangle {
            anchors.fill: parent
            border.color: Theme.navy
            border.width: box.lit || box.visualFocus ? Theme.rimStrong : 0
            color: "transparent"
            radius: Theme.mm(Theme.cardRadius)
        }
    }

    FontMetrics {
        id: metrics

        font.family: Theme.family
        font.pixelSize: Theme.caps(name.size)
        font.weight: name.weight
    }

    contentItem: Item {
        Rectangle {
            id: tile

            border.color: Theme.border
            border.width: Theme.contrast ? Theme.rim : 0
            color: box.lit ? Theme.card : Theme.tint
            height: box.tileSize
            radius: width * 0.27
            width: box.tileSize
            x: box.pad
            y: box.flat ? (box.height - height) / 2 : box.pad

            Icon {
                anchors.centerIn: parent
                color: box.closed ? Theme.muted : Theme.navy
                glyph: box.card.icon
                size: Math.round(box.tileSize * 0.52)
            }
        }

        Words {
            id: letter

            anchors.right: parent.right
            anchors.rightMargin: box.flat ? Theme.mm(5) : box.pad
            anchors.verticalCenter: tile.verticalCenter
            color: box.closed ? Theme.muted : Theme.navy
            size: box.flat ? Theme.title : Theme.heading
            text: box.card.letter
            visible: !box.card.drawer
            weight: Font.ExtraBold
            wrapMode: Text.NoWrap
        }

        Icon {
            anchors.right: parent.right
            anchors.rightMargin: box.pad
            anchors.verticalCenter: tile.verticalCenter
            color: Theme.navy
            glyph: "chevron-right"
            size: Theme.mm(11)
            visible: box.card.drawer
        }

        Words {
            id: name

            readonly property bool wraps: metrics.advanceWidth(text) > width
            // In large letters on a low glass what a box is for goes before how many wait, which the ticket says.
            readonly property bool alone: box.flat && Theme.big && !box.closed && box.card.warning === "" && Math.ceil(metrics.advanceWidth(text) * facts.shrunk * 1.08 / width) * metrics.lineSpacing * facts.shrunk + facts.line > box.height
            readonly property int lines: wraps ? Math.max(2, Math.ceil(metrics.advanceWidth(text) * 1.1 / width)) : 1
            readonly property real flatHeight: Math.min(metrics.lineSpacing * lines, box.height - facts.height - 2 * Theme.mm(Theme.big ? 0.4 : 1.4))
            readonly property real flatTop: (box.height - flatHeight - facts.height) / 2

            color: box.closed ? Theme.muted : Theme.ink
            fit: true
            height: box.flat ? flatHeight : box.height - box.pad * 0.9 - facts.height - Theme.mm(1) - y
            lineHeight: 0.95
            size: box.flat ? (Theme.big ? 6.3 : 6.8) : Theme.title
            text: box.card.name
            verticalAlignment: box.flat ? Text.AlignVCenter : Text.AlignTop
            weight: Font.Bold
            width: (box.flat ? letter.x - Theme.mm(2) : box.width - box.pad) - x
            x: box.flat ? tile.x + tile.width + Theme.mm(4.6) : box.pad
            y: box.flat ? flatTop : tile.y + tile.height + Theme.mm(box.low ? 2 : 4)
        }

        FontMetrics {
            id: small

            font.family: Theme.family
            font.pixelSize: Theme.caps(Theme.caption)
            font.weight: box.card.warning !== "" ? Font.DemiBold : Font.Medium
        }

        Item {
            id: facts

            readonly property real room: box.flat ? name.width : box.width - 2 * box.pad
            readonly property real line: Math.ceil(Theme.caps(Theme.caption) * Theme.lineHeight)
            readonly property string told: box.closed ? "" : box.card.warning || box.card.counters
            // What the name, a little smaller, and the lines of facts take; the words of a name do not fill their lines.
            readonly property real shrunk: Math.max(0.8, Theme.leastCaps() / Theme.caps(name.size))
            readonly property real wanted: metrics.lineSpacing * shrunk * (name.wraps ? Math.ceil(metrics.advanceWidth(box.card.name) * shrunk * 1.12 / name.width) : 1) + (wide(box.card.waiting) > room - sign.width - Theme.mm(3) ? 3 : 2) * line + (box.flat ? Theme.mm(2.8) : box.pad * 1.9 + box.tileSize + Theme.mm(5))
            readonly property bool tight: told !== "" && wide(box.card.waiting) + wide(told) + sign.width + Theme.mm(6.4) > room && wanted > box.height
            // Without height for two lines a box says how many wait, and the ticket says where.
            readonly property string second: tight && box.card.warning === "" ? "" : told
            readonly property bool crowded: second !== "" && wide(box.card.waiting) + wide(second) + sign.width + Theme.mm(6.4) > room
            // What one must know goes before how many wait.
            readonly property bool alone: crowded && box.card.warning !== "" && (box.flat || tight)
            readonly property bool stacked: crowded && !alone
            readonly property bool warm: box.closed || alone
            // A flat box has one line for it: where the words need all of that, they have it without their sign.
            readonly property bool bare: box.flat && wide(people.text) > room - sign.width - Theme.mm(3)

            // The share is 1; reading it lets the measure follow a change of the font.
            function wide(text: string): real {
                return small.advanceWidth(text) * Theme.caps(Theme.caption) / small.font.pixelSize;
            }

            height: name.alone ? 0 : box.flat ? line * (stacked ? 2 : 1) : people.height + (stacked ? counters.height : 0)
            visible: !name.alone
            width: room
            x: name.x
            y: box.flat ? name.flatTop + name.flatHeight : box.height - box.pad * 0.9 - height

            Icon {
                id: sign

                color: facts.warm ? Theme.warning : Theme.muted
                glyph: box.closed ? "clock" : facts.alone ? "alert" : "users"
                size: Theme.mm(7)
                visible: !facts.bare
                y: (facts.line - height) / 2
            }

            Words {
                id: people

                color: facts.warm ? Theme.warning : Theme.muted
                size: Theme.caption
                text: box.closed ? (box.flat ? box.card.brief : box.card.refusal) : facts.alone ? facts.second : box.card.waiting
                weight: facts.warm ? Font.DemiBold : Font.Medium
                width: Math.min(Math.ceil(implicitWidth), facts.room - x)
                x: facts.bare ? 0 : sign.width + Theme.mm(3)
            }

            Words {
                id: counters

                color: box.card.warning !== "" ? Theme.warning : Theme.muted
                size: Theme.caption
                text: facts.second
                visible: text !== "" && !facts.alone
                weight: box.card.warning !== "" ? Font.DemiBold : Font.Medium
                width: Math.min(Math.ceil(implicitWidth), facts.room - (facts.stacked ? people.x : 0))
                x: facts.stacked ? people.x : box.flat ? people.x + people.width + Theme.mm(3.4) : facts.room - width
                y: facts.stacked ? people.height : 0
            }
        }
    }
}

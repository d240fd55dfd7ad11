pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* A dossier: what it means for the person first, then dates, fee and way. */
Item {
    id: screen

    required property TouchBridge bridge
    required property bool wide
    readonly property var dossier: bridge.dossier
    readonly property real gap: Theme.mm(wide ? Theme.gap : low ? 5 : 8)
    // Upright, within reach and in large letters.
    readonly property bool low: Theme.big && !wide && height < Theme.mm(320)
    // What does not stand beside the answer has pages of its own.
    readonly property bool reading: details.paged && dossier.reading.part > 0

    AnswerPanel {
        id: answer

        action: screen.dossier.take
        close: screen.low
        glyph: screen.dossier.icon
        height: screen.wide ? screen.height : implicitHeight
        means: screen.dossier.means
        now: screen.dossier.now
        onChosen: screen.bridge.takeNumber()
        title: screen.dossier.title
        tone: screen.dossier.tone
        visible: !screen.reading
        wide: screen.wide
        width: screen.wide ? Math.round(screen.width * 0.42) : screen.width
    }

    Card {
        id: details

        readonly property real pad: Theme.mm(screen.wide ? 8 : screen.low ? 7 : 13)
        readonly property real inside: width - 2 * pad
        readonly property real room: screen.height - y - (more.height > 0 ? more.height + screen.gap : 0)

        // Below the owner, and whether the procedure's name stands there with the facts, however small.
        readonly property real above: Math.max(code.y + code.height, owner.text !== "" ? owner.y + owner.implicitHeight : 0) + Theme.mm(0.6)
        readonly property real spare: room - above - facts.anchors.topMargin - facts.height - pad * 0.9
        readonly property real free: spare - least.implicitHeight
        // Whether a step of the way would be missing below the facts; then the key to it goes before the name.
        readonly property bool missing: free < wayRoom
        readonly property real wayRoom: screen.dossier.steps.length > 0 ? screen.dossier.steps.length * way.least + way.anchors.topMargin : 0
        readonly property bool within: free < 0 || (missing && free < pagerRoom)
        readonly property bool paged: within || missing
        readonly property real pagerRoom: pager.implicitHeight + Theme.mm(4)

        height: screen.wide || within ? room : Math.min(room, way.y + way.implicitHeight + (paged ? pagerRoom + pad * 0.8 : pad * 0.6))
        visible: !screen.reading
        width: screen.wide ? screen.width - x : screen.width
        x: screen.wide ? answer.width + screen.gap : 0
        y: screen.wide ? 0 : answer.height + screen.gap

        Words {
            id: code

            color: Theme.muted
            fit: true
            height: implicitHeight
            maximumLineCount: 1
            size: Theme.caption
            text: screen.dossier.code
            weight: Font.DemiBold
            width: details.inside
            x: details.pad
            y: details.pad * 0.9
        }

        Words {
            id: owner

            anchors.top: code.bottom
            fit: true
            height: implicitHeight
            size: Theme.caption
            text: screen.dossier.owner
            visible: text !== "" && !details.within
            width: details.inside
            x: details.pad
        }

        Words {
            id: least

            font.pixelSize: Theme.leastCaps()
            lineHeight: procedure.lineHeight
            text: screen.dossier.procedure
            visible: false
            weight: Font.Bold
            width: details.inside
            wrapMode: procedure.wrapMode
        }

        Words {
            id: procedure

            // A name that fills half a page grows smaller, for the sake of the way below.
            readonly property real most: Theme.mm(Theme.big ? (screen.wide ? 40 : 60) : screen.wide ? 41 : 50)

            fit: true
            height: Math.min(implicitHeight, details.spare - (details.missing ? details.pagerRoom : details.wayRoom), Math.max(most, least.implicitHeight))
            lineHeight: 0.95
            size: screen.wide ? 6.2 : Theme.title
            text: screen.dossier.procedure
            visible: !details.within
            weight: Font.Bold
            width: details.inside
            x: details.pad
            y: details.above
        }

        FactRow {
            id: facts

            anchors.top: details.within ? code.bottom : procedure.bottom
            anchors.topMargin: Theme.mm(screen.wide ? 3 : 6)
            centred: false
            facts: screen.dossier.facts
            height: stacked ? stackedHeight : screen.dossier.facts.length > 0 ? Theme.mm(Theme.big ? 34 : screen.wide ? 19 : 21) : 0
            lines: false
            stacked: !fits || (screen.wide && Theme.big)
            size: screen.wide ? 5.6 : 6
            width: details.inside
            x: details.pad
        }

        DossierSteps {
            id: way

            anchors.top: facts.bottom
            anchors.topMargin: Theme.mm(screen.wide ? 3 : 7)
            room: details.room - facts.y - facts.height - anchors.topMargin - details.pad * 0.6 - (details.paged ? details.pagerRoom : 0)
            steps: screen.dossier.steps
            visible: !details.within
            width: details.inside
            x: details.pad
        }

        Pager {
            id: pager

            anchors.bottom: parent.bottom
            anchors.bottomMargin: details.pad * 0.8
            more: screen.dossier.turns[1]
            onTurned: page => screen.bridge.turnPage(page)
            page: 0
            pages: details.paged ? pieces.before + pieces.starts.length : 1
            previous: screen.dossier.turns[0]
            width: details.inside
            x: details.pad
        }
    }

    Card {
        id: sheet

        readonly property real pad: Theme.mm(screen.wide ? 8 : 13)

        anchors.fill: parent
        visible: screen.reading

        Pieces {
            id: pieces

            before: 1
            height: sheet.height - 2 * y
            keys: screen.dossier.turns
            onTurned: page => screen.bridge.turnPage(page)
            told: screen.dossier.reading
            width: sheet.width - 2 * x
            x: sheet.pad
            y: sheet.pad * 0.8
        }
    }

    Column {
        id: more

        spacing: Theme.mm(4)
        visible: !screen.reading
        width: details.width
        x: details.x
        y: screen.wide ? screen.height - height : details.y + details.height + screen.gap

        Words {
            Accessible.role: Accessible.AlertMessage
            color: Theme.ready
            size: Theme.body
            text: screen.dossier.done
            visible: text !== ""
            weight: Font.Bold
            width: parent.width
            wrapMode: Text.Wrap
        }

        DetailKey {
            glyph: "shield"
            more: screen.dossier.prove_text
            onClicked: screen.bridge.act("prove")
            text: screen.dossier.prove
            visible: text !== ""
            low: screen.low
            wide: screen.wide
            width: parent.width
        }

        Row {
            id: keys

            readonly property int count: screen.dossier.keys.length
            readonly property var none: ({
                    "key": "",
                    "name": "",
                    "icon": ""
                })

            spacing: Theme.mm(4)
            visible: count > 0
            width: parent.width

            Repeater {
                model: keys.count

                ActionButton {
                    required property int index
                    readonly property var told: screen.dossier.keys[index] ?? keys.none

                    height: Math.max(Theme.mm(Theme.big ? 29 : Theme.target), implicitHeight)
                    iconName: Theme.big ? "" : told.icon
                    leftPadding: Theme.mm(4)
                    onClicked: screen.bridge.act(told.key)
                    rightPadding: Theme.mm(4)
                    size: Theme.caption
                    text: told.name
                    width: Math.floor((keys.width - keys.spacing * (keys.count - 1)) / keys.count)
                }
            }
        }
    }
}

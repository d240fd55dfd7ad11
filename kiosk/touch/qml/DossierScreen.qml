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
    readonly property real gap: Theme.mm(wide ? Theme.gap : 8)

    AnswerPanel {
        id: answer

        action: screen.dossier.take
        glyph: screen.dossier.icon
        height: screen.wide ? screen.height : implicitHeight
        means: screen.dossier.means
        now: screen.dossier.now
        onChosen: screen.bridge.chooseResult()
        title: screen.dossier.title
        tone: screen.dossier.tone
        wide: screen.wide
        width: screen.wide ? Math.round(screen.width * 0.42) : screen.width
    }

    Card {
        id: details

        readonly property real pad: Theme.mm(screen.wide ? 8 : 13)
        readonly property real inside: width - 2 * pad

        height: screen.wide ? screen.height : Math.min(screen.height - y, way.y + way.implicitHeight + pad * 0.6)
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
            id: procedure

            // The longest names of procedures fill half a page; their end may go.
            anchors.top: code.bottom
            anchors.topMargin: Theme.mm(0.6)
            elide: Text.ElideRight
            fit: true
            height: Math.min(implicitHeight, Theme.mm(Theme.big ? (screen.wide ? 40 : 60) : screen.wide ? 41 : 50))
            lineHeight: 0.95
            size: screen.wide ? 6.2 : Theme.title
            text: screen.dossier.procedure
            weight: Font.Bold
            width: details.inside
            x: details.pad
        }

        FactRow {
            id: facts

            anchors.top: procedure.bottom
            anchors.topMargin: Theme.mm(screen.wide ? 3 : 6)
            centred: false
            facts: screen.dossier.facts
            height: stacked ? Theme.mm(13) * screen.dossier.facts.length : screen.dossier.facts.length > 0 ? Theme.mm(Theme.big ? 34 : screen.wide ? 19 : 21) : 0
            lines: false
            stacked: Theme.big && screen.wide
            size: screen.wide ? 5.6 : 6
            width: details.inside
            x: details.pad
        }

        DossierSteps {
            id: way

            anchors.top: facts.bottom
            anchors.topMargin: Theme.mm(screen.wide ? 3 : 7)
            room: (screen.wide ? details.height : screen.height - details.y) - facts.y - facts.height - anchors.topMargin - details.pad * 0.6
            steps: screen.dossier.steps
            width: details.inside
            x: details.pad
        }
    }
}

pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* The way of a dossier, latest last; as many steps as the room allows, none of them cut. */
Column {
    id: way

    required property var steps
    required property real room
    // Name and day beside each other on one line, or the day with the place below the name.
    readonly property bool narrow: (Theme.big && width < Theme.mm(200)) || steps.some(step => (strong.advanceWidth(step.name) * 1.25 + quiet.advanceWidth(step.day)) * share + Theme.mm(24) > width)
    // 1; reading it lets the measure follow a change of the font.
    readonly property real share: Theme.caps(Theme.caption) / quiet.font.pixelSize
    // A unit and who works there fill two lines.
    readonly property bool long: width < Theme.mm(200) && steps.some(step => step.where.length > 32)
    readonly property real least: Theme.mm(narrow ? (Theme.big ? 40 : 28) : Theme.big ? 29 : long ? 28 : 19)
    readonly property int count: Math.max(0, Math.min(steps.length, Math.floor(room / least)))
    readonly property real stepHeight: count > 0 ? Math.min(Theme.mm(Theme.big ? (narrow ? 42 : 34) : 28), room / count) : 0

    FontMetrics {
        id: strong

        font.family: Theme.family
        font.pixelSize: Theme.caps(Theme.caption)
        font.weight: Font.Bold
    }

    FontMetrics {
        id: quiet

        font.family: Theme.family
        font.pixelSize: Theme.caps(Theme.caption)
        font.weight: Font.DemiBold
    }

    Repeater {
        model: way.count

        Item {
            id: step

            required property int index
            readonly property var stage: way.steps[way.steps.length - way.count + index] ?? way.steps[0]

            height: Math.floor(way.stepHeight)
            width: way.width

            Rectangle {
                id: mark

                border.color: step.stage.done ? Theme.ready : Theme.border
                border.width: Theme.rim
                color: step.stage.done ? Theme.ready : Theme.card
                height: width
                radius: width / 2
                width: Theme.mm(14.5)

                Icon {
                    anchors.centerIn: parent
                    color: Theme.onDark
                    glyph: "check"
                    size: Theme.mm(8)
                    visible: step.stage.done
                }

                Rectangle {
                    anchors.centerIn: parent
                    border.color: Theme.border
                    border.width: Theme.rim
                    color: "transparent"
                    height: width
                    radius: width / 2
                    visible: !step.stage.done
                    width: Theme.mm(6)
                }
            }

            Words {
                id: name

                color: step.stage.done ? Theme.ink : Theme.muted
                fit: true
                height: Math.min(implicitHeight, step.height * (way.narrow && Theme.big ? 0.34 : 0.52))
                size: 6
                text: step.stage.name
                weight: Font.Bold
                width: (way.narrow ? step.width : day.x - Theme.mm(3)) - x
                x: mark.width + Theme.mm(5.6)
            }

            Words {
                anchors.top: name.bottom
                color: Theme.muted
                fit: true
                height: Math.min(implicitHeight, step.height - name.height)
                size: Theme.caption
                text: way.narrow && step.stage.day ? step.stage.day + " · " + step.stage.where : step.stage.where
                visible: text !== ""
                width: step.width - name.x
                x: name.x
            }

            Words {
                id: day

                anchors.baseline: name.baseline
                anchors.right: parent.right
                color: Theme.muted
                size: Theme.caption
                text: step.stage.day
                visible: !way.narrow
                weight: Font.DemiBold
                wrapMode: Text.NoWrap
            }
        }
    }
}

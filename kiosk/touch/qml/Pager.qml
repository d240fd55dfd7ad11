pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* Keys to turn the pages of a list or a text, and a dot for each of them; nothing where there is one page. */
Item {
    id: pager

    required property int page
    required property int pages
    required property string previous
    required property string more

    // Arrows alone where the keys with their words do not stand beside each other; of two pages each has but one key.
    readonly property real words: pages > 2 ? wide(previous) + wide(more) : Math.max(wide(previous), wide(more))
    readonly property bool narrow: words + Theme.mm(Theme.big ? 66 : 58) > width

    signal turned(int page)

    function wide(text: string): real {
        return metrics.advanceWidth(text) * Theme.caps(Theme.body) / metrics.font.pixelSize;
    }

    implicitHeight: Theme.mm(Theme.target)
    visible: pages > 1

    FontMetrics {
        id: metrics

        font.family: Theme.family
        font.pixelSize: Theme.caps(Theme.body)
        font.weight: Font.DemiBold
    }

    ActionButton {
        Accessible.name: pager.previous
        height: parent.height
        iconName: "arrow-left"
        onClicked: pager.turned(pager.page - 1)
        text: pager.narrow ? "" : pager.previous
        visible: pager.page > 0
    }

    Row {
        Accessible.ignored: true
        anchors.centerIn: parent
        spacing: Theme.mm(4)
        visible: pager.pages <= 8 && pager.width > Theme.mm(pager.narrow ? 110 : Theme.big ? 240 : 180)

        Repeater {
            model: pager.pages

            Rectangle {
                required property int index

                border.color: Theme.border
                border.width: Theme.rim
                color: index === pager.page ? Theme.navy : Theme.card
                height: width
                radius: width / 2
                width: Theme.mm(4)
            }
        }
    }

    ActionButton {
        Accessible.name: pager.more
        anchors.right: parent.right
        height: parent.height
        iconName: "arrow-right"
        kind: ActionButton.Primary
        onClicked: pager.turned(pager.page + 1)
        text: pager.narrow ? "" : pager.more
        visible: pager.page < pager.pages - 1
    }
}

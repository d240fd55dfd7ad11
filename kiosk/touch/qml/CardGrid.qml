pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* All boxes at once if they fit at their least size, else a page of them and keys to turn it. */
Item {
    id: grid

    required property TouchBridge bridge
    property real room: height
    readonly property var cards: bridge.home.cards
    readonly property real gap: Theme.mm(plan.flat ? 3.6 : 5.4)
    readonly property var plan: choosePlan(cards.length, width / Theme.unit, room / Theme.unit, Theme.big)
    readonly property int shownPage: Math.min(bridge.home.page, plan.pages - 1)
    readonly property int first: shownPage * plan.per
    readonly property real boxWidth: (width - gap * (plan.columns - 1)) / plan.columns
    readonly property real boxHeight: Math.min(Theme.mm(plan.flat ? Math.max(46, plan.least) : Theme.big ? 108 : 88), (room - (plan.pages > 1 ? pager.height + gap : 0) - gap * (plan.rows - 1)) / plan.rows)

    // Names are whole before the boxes are many, but a page of fewer than three of them is not worth a fourth line.
    function choosePlan(count: int, wide: real, high: real, big: bool): var {
        for (const most of [5, 4, 3]) {
            const found = planOf(count, wide, high, big, most);
            if (found.per >= Math.min(count, 3))
                return found;
        }
        return planOf(count, wide, high, big, 2);
    }

    // Columns and rows in millimetres: the most boxes on one page, tall boxes before flat ones; in flat ones, names of up
    // to `most` lines.
    function planOf(count: int, wide: real, high: real, big: bool, most: int): var {
        const line = big ? 12 : 7.9;
        const letter = big ? 6 : 3.9;
        const longest = Math.max(...cards.map(card => card.name.length));
        const tall = big ? [104, 88] : [86, 58];
        const flat = big ? [200, 29] : [120, 24];
        for (let per = Math.max(1, count); per > 0; per--) {
            for (const least of [tall, flat]) {
                const gap = least === flat ? 3.6 : 5.4;
                const free = per < count ? high - Theme.target - gap : high;
                let best = null;
                for (let columns = 1; columns <= Math.min(4, per); columns++) {
                    const rows = Math.ceil(per / columns);
                    const width = (wide - gap * (columns - 1)) / columns;
                    const height = (free - gap * (rows - 1)) / rows;
                    // Names too long for one line at the least size want a second one, and more.
                    const needed = Math.ceil(longest * letter / Math.max(1, width - 48));
                    const lines = Math.min(most, needed);
                    const second = least === flat && lines > 1 ? Math.max(0, lines * line + (big ? 12.6 : 8.3) + (lines > 3 ? 6 : lines > 2 || !big ? 4.4 : 2.8) - least[1]) : 0;
                    // Narrow tall boxes set their facts on two lines.
                    const third = least === tall && width < 96 ? 10 : 0;
                    // Tall boxes hold two lines of a name, in big letters three; for more they have the larger picture too.
                    const over = Math.ceil(longest * letter / (width - 14)) - (big ? 3 : 2);
                    const fourth = least === tall && over > 0 ? over * line + 13 : 0;
                    const fits = width >= least[0] && height >= least[1] + second + third + fourth && (least === tall || columns === 1 || needed <= most);
                    const empty = columns * rows - per;
                    const shape = Math.abs(Math.log(width / height / (least === flat ? 4 : 1.3))) + empty;
                    if (fits && (!best || shape < best.shape))
                        best = {
                            columns: columns,
                            rows: rows,
                            per: per,
                            pages: Math.ceil(Math.max(1, count) / per),
                            flat: least === flat,
                            least: least[1] + second,
                            shape: shape
                        };
                }
                if (best)
                    return best;
            }
        }
        return {
            columns: 1,
            rows: 1,
            per: 1,
            pages: Math.max(1, count),
            flat: true,
            least: big ? 60 : 46,
            shape: 0
        };
    }

    implicitHeight: plan.rows * boxHeight + gap * (plan.rows - 1) + (plan.pages > 1 ? gap + pager.height : 0)

    Repeater {
        // The count, not the list: a box that is being touched outlives a change of its facts.
        model: Math.min(grid.plan.per, grid.cards.length - grid.first)

        ServiceBox {
            required property int index
            readonly property int column: index % grid.plan.columns

            card: grid.cards[grid.first + index] ?? grid.cards[0]
            flat: grid.plan.flat
            height: Math.floor(grid.boxHeight)
            onClicked: grid.bridge.choose(card.key)
            width: Math.floor(grid.boxWidth)
            x: Math.round(column * (grid.boxWidth + grid.gap))
            y: Math.round(Math.floor(index / grid.plan.columns) * (grid.boxHeight + grid.gap))
        }
    }

    Pager {
        id: pager

        anchors.bottom: parent.bottom
        more: grid.bridge.home.more
        onTurned: page => grid.bridge.turnPage(page)
        page: grid.shownPage
        pages: grid.plan.pages
        previous: grid.bridge.home.previous
        width: parent.width
    }
}

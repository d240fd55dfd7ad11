pragma ComponentBehavior: Bound

import QtQuick
import display.bridge
import kiosk.ui

/* How many wait at each service; one page at a time where they do not all fit. */
Item {
    id: strip

    required property BoardBridge board
    readonly property var plan: strip.board.plan

    Column {
        anchors.verticalCenter: parent.verticalCenter

        Repeater {
            model: strip.board.strip

            Row {
                id: line

                required property int index
                required property var modelData

                height: strip.plan.ticker_px * 1.27 * 1.08
                spacing: strip.plan.ticker_px

                Words {
                    id: head

                    color: Theme.board.quiet
                    font.pixelSize: strip.plan.ticker_px
                    text: strip.board.waiting
                    visible: line.index === 0
                    wrapMode: Text.NoWrap
                }

                Repeater {
                    model: line.modelData

                    Row {
                        id: service

                        required property var modelData

                        Accessible.name: service.modelData.name + " " + service.modelData.waiting
                        Accessible.role: Accessible.StaticText
                        spacing: strip.plan.ticker_px * 0.3

                        Words {
                            color: Theme.board.quiet
                            font.pixelSize: strip.plan.ticker_px
                            fontSizeMode: Text.HorizontalFit
                            minimumPixelSize: 8
                            text: service.modelData.name
                            width: Math.min(Math.ceil(implicitWidth) + 1, strip.width - count.width - service.spacing - (head.visible ? head.width + line.spacing : 0))
                            wrapMode: Text.NoWrap
                        }

                        Words {
                            id: count

                            color: Theme.board.text
                            font.pixelSize: strip.plan.ticker_px
                            text: service.modelData.waiting
                            weight: Font.Bold
                            wrapMode: Text.NoWrap
                        }
                    }
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound

import QtQuick
import display.bridge
import kiosk.ui

/* The office's own pictures, videos and notices, one after the other. */
Item {
    id: pane

    required property BoardBridge board
    readonly property var plan: pane.board.plan
    readonly property var slide: pane.board.slide
    readonly property real size: plan.ticker_px
    readonly property real pad: size * 0.8

    Image {
        anchors.fill: parent
        asynchronous: true
        cache: false
        fillMode: Image.PreserveAspectFit
        source: pane.slide.picture
        sourceSize.height: pane.height
        sourceSize.width: pane.width
        visible: pane.slide.picture !== ""
    }

    /* Over its still; what plays it is loaded with the first video. */
    Loader {
        id: player

        active: pane.visible && pane.slide.video !== "" && pane.Window.visibility !== Window.Hidden
        anchors.fill: parent
        source: "VideoView.qml"

        Connections {
            function onStopped(): void {
                pane.board.stopVideo(pane.slide.video);
            }

            ignoreUnknownSignals: true
            target: player.item
        }

        Binding {
            property: "address"
            target: player.item
            value: pane.slide.video
            when: player.status === Loader.Ready
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.board.row
        radius: pane.plan.radius * 0.7
        visible: pane.slide.picture === ""

        Column {
            spacing: pane.size * 0.45
            width: pane.width - 2 * pane.pad
            x: pane.pad
            y: pane.pad

            Words {
                color: Theme.board.call
                font.pixelSize: pane.size * 1.25
                fontSizeMode: Text.Fit
                height: Math.min(implicitHeight, pane.height - 2 * pane.pad)
                minimumPixelSize: 8
                text: pane.slide.title
                visible: text !== ""
                weight: Font.Bold
                width: parent.width
            }

            Repeater {
                model: pane.slide.lines

                Row {
                    id: line

                    required property var modelData

                    spacing: mark.visible ? pane.size * 0.4 : 0

                    Words {
                        id: mark

                        color: Theme.board.quiet
                        font.pixelSize: pane.size
                        text: line.modelData.mark
                        visible: text !== ""
                        wrapMode: Text.NoWrap
                    }

                    Words {
                        color: Theme.board.text
                        font.pixelSize: pane.size
                        text: line.modelData.text
                        weight: line.modelData.bold ? Font.Bold : Font.Medium
                        width: pane.width - 2 * pane.pad - (mark.visible ? mark.width + line.spacing : 0)
                    }
                }
            }
        }
    }
}

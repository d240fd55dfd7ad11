pragma ComponentBehavior: Bound

import QtQuick
import QtMultimedia

/* A video without its sound, over and over while it is here. */
Item {
    id: view

    /* Of the file; none is played without. */
    property string address: ""

    /* The video cannot be played, or not any further. */
    signal stopped

    onAddressChanged: {
        player.stop();
        watch.position = -1;
        player.source = address;
        if (address !== "")
            player.play();
    }

    MediaPlayer {
        id: player

        loops: MediaPlayer.Infinite
        videoOutput: output

        onErrorOccurred: view.stopped()
    }

    VideoOutput {
        id: output

        anchors.fill: parent
        fillMode: VideoOutput.PreserveAspectFit
    }

    /* Some videos neither go on nor say why. */
    Timer {
        id: watch

        property real position: -1

        interval: 6000
        repeat: true
        running: view.address !== ""

        onTriggered: {
            if (player.position === watch.position || !player.hasVideo)
                view.stopped();
            watch.position = player.position;
        }
    }
}

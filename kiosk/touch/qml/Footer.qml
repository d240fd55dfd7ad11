pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* Within reach on every screen: accessibility at the left, language at the right; between them, or above them in
   portrait, the way out and the time left. */
Item {
    id: footer

    required property TouchBridge bridge
    required property bool wide
    readonly property var chrome: bridge.chrome
    readonly property real keyHeight: Theme.mm(Theme.target)
    readonly property real gap: Theme.mm(Theme.gap)
    readonly property bool reads: chrome.read !== ""
    readonly property bool speaksMore: chrome.languages.length > 1
    // Which keys bear their words: as many as find room, the languages' names first, the long word last.
    readonly property var worded: {
        const ways = [[true, true, true], [true, false, true], [true, false, false], [false, true, true], [false, false, true]];
        return ways.find(way => footer.needed(...way) <= footer.width) ?? [false, false, false];
    }
    readonly property real keysEnd: read.visible ? read.x + read.width : access.width
    readonly property bool hasRow: chrome.done !== "" || chrome.bar >= 0
    height: keyHeight + (!wide && hasRow ? keyHeight + gap : 0)

    // The width of the line whose keys bear these words; the others bear signs, or the languages' codes.
    function needed(languageNames: bool, accessWord: bool, readWord: bool): real {
        const sign = Math.round(Theme.caps(Theme.caption) * 1.3) + Theme.mm(11.4);
        const key = word => Math.max(Theme.mm(Theme.target), sign + (word === "" ? 0 : Theme.mm(3.4) + measure(word)));
        let width = key(accessWord ? chrome.access : "");
        if (reads)
            width += gap + key(readWord ? chrome.read : "");
        if (speaksMore)
            width += gap + languages.needed(languageNames);
        if (wide && hasRow)
            width += gap + done.wanted + (chrome.bar >= 0 ? gap + Theme.mm(14) : 0);
        return width;
    }

    function measure(text: string): real {
        // The share is 1; reading it lets the measure follow a change of the font.
        return Math.ceil(letters.advanceWidth(text) * Theme.caps(Theme.caption) / letters.font.pixelSize);
    }

    FontMetrics {
        id: letters

        font.family: Theme.family
        font.pixelSize: Theme.caps(Theme.caption)
        font.weight: Font.DemiBold
    }

    ActionButton {
        id: access

        Accessible.name: footer.chrome.access
        anchors.bottom: parent.bottom
        height: footer.keyHeight
        iconName: "access"
        leftPadding: Theme.mm(5.4)
        onClicked: footer.bridge.openAccess()
        rightPadding: Theme.mm(6)
        size: Theme.caption
        text: footer.worded[1] ? footer.chrome.access : ""
    }

    ActionButton {
        id: read

        Accessible.checkable: true
        Accessible.checked: chosen
        Accessible.name: footer.chrome.read
        anchors.bottom: parent.bottom
        chosen: footer.bridge.access.speech
        height: footer.keyHeight
        iconName: "speaker"
        leftPadding: Theme.mm(5.4)
        onClicked: footer.bridge.switchMode("speech")
        rightPadding: Theme.mm(6)
        size: Theme.caption
        text: footer.worded[2] ? footer.chrome.read : ""
        visible: footer.reads
        x: access.width + footer.gap
    }

    Item {
        id: way

        height: footer.keyHeight
        visible: footer.hasRow
        width: (footer.wide && languages.visible ? languages.x - footer.gap : footer.width) - x
        x: footer.wide ? footer.keysEnd + footer.gap : 0
        y: footer.wide ? footer.height - footer.keyHeight : 0

        TimeBar {
            anchors.left: parent.left
            anchors.right: done.visible ? done.left : parent.right
            anchors.rightMargin: done.visible ? footer.gap : 0
            anchors.verticalCenter: parent.verticalCenter
            share: footer.chrome.bar
            visible: footer.chrome.bar >= 0
        }

        ActionButton {
            id: done

            readonly property real wanted: visible ? Math.max(implicitWidth, Theme.mm(footer.wide ? 40 : 60)) : 0

            anchors.right: parent.right
            height: footer.keyHeight
            iconName: footer.chrome.done_icon
            kind: ActionButton.Primary
            objectName: "done"
            onClicked: footer.bridge.leave()
            size: footer.wide ? Theme.caption : Theme.body
            text: footer.chrome.done
            visible: text !== ""
            width: Math.min(parent.width, wanted)
        }
    }

    Rectangle {
        id: languages

        readonly property real inset: Theme.mm(1.8)
        readonly property bool named: footer.worded[0]

        function needed(names: bool): real {
            const each = footer.chrome.languages.map(one => Math.max(Theme.mm(Theme.target), footer.measure(names ? one.name : one.key.toUpperCase()) + 2 * Theme.mm(names ? 4.6 : 2)));
            return each.reduce((sum, width) => sum + width, 2 * inset + (each.length - 1) * choices.spacing);
        }

        anchors.bottom: parent.bottom
        anchors.right: parent.right
        border.color: Theme.border
        border.width: Theme.rim
        color: Theme.card
        height: footer.keyHeight
        radius: Theme.mm(Theme.buttonRadius)
        visible: footer.speaksMore
        width: choices.width + 2 * inset

        Row {
            id: choices

            anchors.centerIn: parent
            spacing: Theme.mm(3)

            Repeater {
                model: footer.chrome.languages.length

                ActionButton {
                    required property int index
                    readonly property var language: footer.chrome.languages[index]

                    Accessible.checkable: true
                    Accessible.checked: chosen
                    Accessible.name: language ? language.name : ""
                    background.opacity: chosen || down ? 1 : 0
                    chosen: language ? language.chosen : false
                    height: footer.keyHeight - 2 * languages.inset
                    leftPadding: Theme.mm(languages.named ? 4.6 : 2)
                    onClicked: footer.bridge.speak(language.key)
                    radius: languages.radius - languages.inset
                    rightPadding: leftPadding
                    size: Theme.caption
                    text: language ? languages.named ? language.name : language.key.toUpperCase() : ""
                }
            }
        }
    }
}

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
    // Where letters are large and the glass is small, signs alone name the two keys at the left.
    readonly property bool named: !Theme.big || (wide && width >= Theme.mm(chrome.read !== "" ? 420 : 330)) || (!wide && (chrome.read === "" || width >= Theme.mm(300)))
    readonly property bool tight: wide && width < Theme.mm(300)
    readonly property real keysEnd: read.visible ? read.x + read.width : access.width
    readonly property bool hasRow: chrome.done !== "" || chrome.bar >= 0
    // The keys beside the languages, on the same line; languages whose names find no room there have their codes.
    readonly property real taken: access.width + Theme.mm(Theme.gap) + (wide && hasRow ? done.width + Theme.mm(Theme.gap) : 0)

    height: keyHeight + (!wide && hasRow ? keyHeight + Theme.mm(Theme.gap) : 0)

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
        text: footer.named && !(footer.tight && read.visible) ? footer.chrome.access : ""
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
        // A short word still fits beside the languages where a long one does not.
        text: footer.named || (!footer.wide && footer.chrome.read.length < 8) ? footer.chrome.read : ""
        visible: footer.chrome.read !== ""
        x: access.width + Theme.mm(Theme.gap)
    }

    Item {
        id: way

        height: footer.keyHeight
        visible: footer.hasRow
        width: (footer.wide ? languages.x - Theme.mm(Theme.gap) : footer.width) - x
        x: footer.wide ? footer.keysEnd + Theme.mm(Theme.gap) : 0
        y: footer.wide ? footer.height - footer.keyHeight : 0

        TimeBar {
            anchors.left: parent.left
            anchors.right: done.visible ? done.left : parent.right
            anchors.rightMargin: done.visible ? Theme.mm(Theme.gap) : 0
            anchors.verticalCenter: parent.verticalCenter
            share: footer.chrome.bar
            visible: footer.chrome.bar >= 0
        }

        ActionButton {
            id: done

            anchors.right: parent.right
            height: footer.keyHeight
            iconName: footer.chrome.done_icon
            kind: ActionButton.Primary
            objectName: "done"
            onClicked: footer.bridge.leave()
            size: footer.wide ? Theme.caption : Theme.body
            text: footer.chrome.done
            visible: text !== ""
            width: Math.min(parent.width, Math.max(implicitWidth, Theme.mm(footer.wide ? 40 : 60)))
        }
    }

    Rectangle {
        id: languages

        readonly property real inset: Theme.mm(1.8)
        readonly property bool named: footer.chrome.languages.reduce((sum, each) => sum + names.advanceWidth(each.name) + Theme.mm(12.2), 2 * inset) * share < footer.width - footer.taken
        // The share is 1; reading it lets the measure follow a change of the font.
        readonly property real share: Theme.caps(Theme.caption) / names.font.pixelSize

        anchors.bottom: parent.bottom
        anchors.right: parent.right
        border.color: Theme.border
        border.width: Theme.rim
        color: Theme.card
        height: footer.keyHeight
        radius: Theme.mm(Theme.buttonRadius)
        visible: footer.chrome.languages.length > 1
        width: choices.width + 2 * inset

        FontMetrics {
            id: names

            font.family: Theme.family
            font.pixelSize: Theme.caps(Theme.caption)
            font.weight: Font.DemiBold
        }

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

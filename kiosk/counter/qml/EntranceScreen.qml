pragma ComponentBehavior: Bound

import QtQuick
import kiosk.counter
import kiosk.ui

/* The sign-in at a counter, or the enrolment of this PC. */
Item {
    id: screen

    required property CounterBridge bridge
    readonly property var entrance: bridge.entrance

    function typeIn(sign: string): void {
        const input = entrance.enrolling ? code.input : counter.input.activeFocus ? counter.input : pin.input;
        if (sign === "\r")
            input.accepted();
        else if (sign === "\b")
            input.remove(input.length - 1, input.length);
        else
            input.insert(input.length, sign);
    }

    function begin(): void {
        pin.text = "";
        code.text = "";
        login.text = entrance.login;
        counter.text = entrance.counter;
        const first = entrance.enrolling ? code : login.text === "" ? login : pin;
        first.input.forceActiveFocus();
    }

    function submit(): void {
        if (entrance.enrolling) {
            bridge.enrol(code.text);
        } else {
            bridge.signIn(login.text, pin.text, counter.text);
            pin.text = "";
            pin.input.forceActiveFocus();
        }
    }

    Component.onCompleted: begin()
    onVisibleChanged: if (visible)
        begin()

    Connections {
        function onScreenChanged(): void {
            if (screen.visible)
                screen.begin();
        }

        target: screen.bridge
    }

    Column {
        id: fields

        spacing: Theme.mm(3)
        width: parent.width

        Words {
            color: Theme.muted
            size: Theme.caption
            text: screen.entrance.text
            visible: text !== ""
            width: parent.width
        }

        Field {
            id: code

            label: screen.entrance.code_label
            maximumLength: 32
            onAccepted: screen.submit()
            visible: screen.entrance.enrolling
            width: parent.width
        }

        Field {
            id: login

            label: screen.entrance.login_label
            maximumLength: 32
            onAccepted: pin.input.forceActiveFocus()
            visible: !screen.entrance.enrolling
            width: parent.width
        }

        Field {
            id: pin

            echoMode: TextInput.Password
            label: screen.entrance.pin_label
            maximumLength: 64
            onAccepted: counter.text === "" ? counter.input.forceActiveFocus() : screen.submit()
            visible: !screen.entrance.enrolling
            width: parent.width
        }

        Field {
            id: counter

            label: screen.entrance.counter_label
            maximumLength: 4
            onAccepted: screen.submit()
            visible: !screen.entrance.enrolling
            width: parent.width
        }
    }

    Words {
        anchors.bottom: submit.top
        anchors.bottomMargin: Theme.mm(2)
        color: Theme.warning
        fit: true
        height: Math.max(0, submit.y - fields.height - Theme.mm(4))
        minimumPixelSize: Math.ceil(Theme.leastCaps() * 0.84)
        size: Theme.caption
        text: screen.entrance.alert
        verticalAlignment: Text.AlignBottom
        weight: Font.DemiBold
        width: parent.width
    }

    Key {
        id: submit

        anchors.bottom: foot.top
        anchors.bottomMargin: Theme.mm(3)
        enabled: !screen.entrance.busy
        height: Theme.mm(22)
        kind: ActionButton.Primary
        onClicked: screen.submit()
        size: Theme.body
        text: screen.entrance.submit
        width: parent.width
    }

    Row {
        id: foot

        anchors.bottom: parent.bottom
        spacing: Theme.mm(2.6)

        Key {
            onClicked: screen.bridge.enrolInstead()
            text: screen.entrance.other
            visible: text !== ""
        }

        Key {
            onClicked: screen.bridge.speakOther()
            text: screen.entrance.language
            visible: text !== ""
        }

        Key {
            onClicked: screen.bridge.quit()
            text: screen.entrance.leave
        }
    }
}

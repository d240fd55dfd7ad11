pragma ComponentBehavior: Bound

import QtQuick
import kiosk.counter
import kiosk.ui

/* Nobody touched the window for a while: it shows nothing until its owner gives the PIN. */
Item {
    id: screen

    required property CounterBridge bridge
    readonly property var lock: bridge.lock

    function typeIn(sign: string): void {
        if (sign === "\r")
            submit();
        else if (sign === "\b")
            pin.input.remove(pin.input.length - 1, pin.input.length);
        else
            pin.input.insert(pin.input.length, sign);
    }

    function submit(): void {
        bridge.unlock(pin.text);
        pin.text = "";
        pin.input.forceActiveFocus();
    }

    onVisibleChanged: {
        pin.text = "";
        if (visible)
            pin.input.forceActiveFocus();
    }

    Column {
        spacing: Theme.mm(4)
        width: parent.width

        Words {
            color: Theme.navy
            size: Theme.title
            text: screen.lock.title
            weight: Font.ExtraBold
            width: parent.width
        }

        Words {
            size: Theme.caption
            text: screen.lock.text
            width: parent.width
        }

        Field {
            id: pin

            echoMode: TextInput.Password
            label: screen.lock.pin_label
            maximumLength: 64
            onAccepted: screen.submit()
            width: parent.width
        }

        Words {
            color: Theme.warning
            fit: true
            height: Math.min(implicitHeight, Theme.mm(32))
            size: Theme.caption
            text: screen.lock.alert
            weight: Font.DemiBold
            width: parent.width
        }
    }

    Row {
        anchors.bottom: parent.bottom
        spacing: Theme.mm(3)

        Key {
            enabled: !screen.lock.busy
            height: Theme.mm(22)
            kind: ActionButton.Primary
            onClicked: screen.submit()
            size: Theme.body
            text: screen.lock.submit
            width: Math.floor(screen.width * 0.6)
        }

        Key {
            height: Theme.mm(22)
            onClicked: screen.bridge.signOut()
            text: screen.lock.leave
            width: screen.width - Math.floor(screen.width * 0.6) - Theme.mm(3)
        }
    }
}

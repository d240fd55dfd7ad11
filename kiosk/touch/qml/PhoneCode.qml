pragma ComponentBehavior: Bound

import QtQuick

/* A square for a phone, in whole pixels and at most `side` of them; nothing is drawn while it cannot be seen. */
Image {
    id: code

    required property string says
    required property int side

    Accessible.ignored: true
    fillMode: Image.Pad
    height: side
    smooth: false
    source: visible && says !== "" ? "image://qr/" + encodeURIComponent(says) : ""
    sourceSize.height: side
    sourceSize.width: side
    width: side
}

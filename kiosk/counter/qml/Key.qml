pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* A key as small as a mouse can hit well. */
ActionButton {
    bottomPadding: Theme.mm(1)
    implicitHeight: Theme.mm(18)
    leftPadding: Theme.mm(3)
    radius: Theme.mm(5)
    rightPadding: Theme.mm(3)
    rim: Theme.hair
    size: Theme.caption
    topPadding: Theme.mm(1)
}

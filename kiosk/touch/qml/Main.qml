pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* The citizen's window: head, one screen by name, foot, and the two sheets that may lie over them. */
Window {
    id: window

    required property TouchBridge bridge
    // The control that a walk by keys has come to.
    property Item focused: null

    readonly property bool wide: width > height
    readonly property real widthMm: wide ? bridge.longMm : bridge.shortMm
    readonly property real heightMm: wide ? bridge.shortMm : bridge.longMm
    // Arms reach from 380 to 1220 mm above the floor (EN 301 549, 8.3); the band is comfortable for who sits.
    readonly property real liftMm: Math.max(0, 380 - bridge.bottomMm)
    readonly property real bandMm: Math.min(heightMm - liftMm, Math.max(228, Math.min(1220 - bridge.bottomMm - liftMm, wide ? 250 : 350)))
    readonly property bool lowers: bandMm < heightMm - 20
    readonly property bool lowered: lowers && bridge.access.reach
    readonly property real lift: lowered ? Math.ceil(height * liftMm / heightMm) : 0
    readonly property real top: lowered ? height * (1 - (bandMm + liftMm) / heightMm) : header.y + header.height + Theme.mm(wide ? 4 : 12)
    // How often the glasses that the sizes were chosen for (15 inch across, 21.5 inch upright) fit in here.
    readonly property real fit: wide ? Math.min(widthMm / 304, heightMm / 228) : Math.min(widthMm / 268, heightMm / 476)
    readonly property real edge: Theme.mm(wide ? 10 : Theme.margin)

    color: Theme.ground
    height: 1920
    title: bridge.chrome.office
    width: 1080

    Binding {
        property: "pxPerMm"
        target: Theme
        value: window.width / window.widthMm
    }

    Binding {
        // Below 1 only on a glass smaller than any that the sizes were chosen for: whole before large.
        property: "scale"
        target: Theme
        value: window.fit >= 1 ? Math.min(1.6, window.fit, window.lowered ? Math.max(1, window.bandMm / (window.wide ? 250 : 350)) : 1.6) : Math.max(0.6, Math.min(1, window.widthMm / (window.wide ? 304 : 268), window.heightMm / (window.wide ? 228 : 400)))
    }

    Binding {
        property: "distanceMm"
        target: Theme
        value: window.bridge.distanceMm
    }

    Binding {
        property: "big"
        target: Theme
        value: window.bridge.access.big
    }

    Binding {
        property: "contrast"
        target: Theme
        value: window.bridge.access.contrast
    }

    Header {
        id: header

        anchors.left: parent.left
        anchors.leftMargin: window.edge
        anchors.right: parent.right
        anchors.rightMargin: window.edge
        chrome: window.bridge.chrome
        onSignHeld: held => window.bridge.staff.hold(held)
        wide: window.wide
        y: Theme.mm(window.wide ? 5 : 11)
    }

    Loader {
        objectName: "content"
        anchors.bottom: footer.top
        anchors.bottomMargin: Theme.mm(window.wide ? 5 : Theme.gap)
        anchors.left: header.left
        anchors.right: header.right
        sourceComponent: {
            switch (window.bridge.screen) {
            case "ticket":
                return ticketScreen;
            case "place":
                return placeScreen;
            case "dossier":
                return dossierScreen;
            case "keypad":
            case "prove":
            case "phone":
            case "check_in":
            case "staff":
            case "staff_pin":
                return keypadScreen;
            case "door":
                return doorScreen;
            case "catalogue":
                return catalogueScreen;
            case "search":
                return searchScreen;
            case "procedure":
                return procedureScreen;
            case "page":
                return pageScreen;
            case "rating":
                return window.bridge.rating.thanked ? noticeScreen : ratingScreen;
            case "home":
            case "group":
                return window.bridge.attract.shown ? attractScreen : homeScreen;
            default:
                return noticeScreen;
            }
        }
        height: footer.y - Theme.mm(window.wide ? 5 : Theme.gap) - window.top
    }

    Footer {
        id: footer

        anchors.bottom: parent.bottom
        anchors.bottomMargin: window.lift + Theme.mm(window.wide ? 6 : 11)
        anchors.left: header.left
        anchors.right: header.right
        bridge: window.bridge
        wide: window.wide
    }

    Rectangle {
        anchors.centerIn: parent
        color: Theme.navy
        height: waiting.height + Theme.mm(12)
        radius: Theme.mm(Theme.cardRadius)
        visible: waiting.text !== ""
        width: waiting.width + Theme.mm(24)

        Words {
            id: waiting

            anchors.centerIn: parent
            color: Theme.onDark
            size: Theme.title
            text: window.bridge.chrome.waiting
            weight: Font.DemiBold
            wrapMode: Text.NoWrap
        }
    }

    AccessSheet {
        anchors.fill: parent
        bridge: window.bridge
        lift: window.lift
        lowers: window.lowers
        wide: window.wide
    }

    ClassesSheet {
        anchors.fill: parent
        bridge: window.bridge
        lift: window.lift
        wide: window.wide
    }

    WarnSheet {
        anchors.fill: parent
        bridge: window.bridge
        lift: window.lift
    }

    FocusRing {
        parent: window.focused ?? window.contentItem
        visible: window.focused !== null
    }

    Component {
        id: homeScreen

        HomeScreen {
            bridge: window.bridge
            wide: window.wide
        }
    }

    Component {
        id: ticketScreen

        TicketScreen {
            bridge: window.bridge
            wide: window.wide
        }
    }

    Component {
        id: placeScreen

        PlaceScreen {
            bridge: window.bridge
            wide: window.wide
        }
    }

    Component {
        id: dossierScreen

        DossierScreen {
            bridge: window.bridge
            wide: window.wide
        }
    }

    Component {
        id: keypadScreen

        KeypadScreen {
            bridge: window.bridge
            wide: window.wide
        }
    }

    Component {
        id: catalogueScreen

        CatalogueScreen {
            bridge: window.bridge.procedures
            wide: window.wide
        }
    }

    Component {
        id: searchScreen

        SearchScreen {
            bridge: window.bridge.procedures
            wide: window.wide
        }
    }

    Component {
        id: procedureScreen

        ProcedureScreen {
            bridge: window.bridge.procedures
            wide: window.wide
        }
    }

    Component {
        id: pageScreen

        PageScreen {
            bridge: window.bridge.procedures
            wide: window.wide
        }
    }

    Component {
        id: attractScreen

        AttractScreen {
            bridge: window.bridge
            wide: window.wide
        }
    }

    Component {
        id: ratingScreen

        RatingScreen {
            bridge: window.bridge
            wide: window.wide
        }
    }

    Component {
        id: doorScreen

        DoorScreen {
            bridge: window.bridge.staff
            wide: window.wide
        }
    }

    Component {
        id: noticeScreen

        NoticeScreen {
            bridge: window.bridge
            wide: window.wide
        }
    }
}

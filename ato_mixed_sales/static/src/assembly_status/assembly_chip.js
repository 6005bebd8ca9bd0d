import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {getLook, getWords} from "./assembly_status";
import {formatQuantity} from "../assembly_figures/assembly_figures";

let ruler = null;

/**
 * How wide a text would be in the font of an element.
 *
 * @param {String} text
 * @param {HTMLElement} el
 * @returns {Number} pixels
 */
function measure(text, el) {
    ruler = ruler || document.createElement("canvas").getContext("2d");
    ruler.font = getComputedStyle(el).font;
    return ruler.measureText(text).width;
}

/**
 * The quantities of a status, formatted.
 */
function formatParts({status_parts: parts}, digits) {
    return (parts || []).map((quantity) => formatQuantity(quantity, digits));
}

/**
 * What the chip of a line says where it has room.
 *
 * @param {Object} figures of an assembled line
 * @param {Array} [digits]
 * @returns {String}
 */
export function getChipWords(figures, digits) {
    return getWords(figures.status, formatParts(figures, digits));
}

/**
 * The status of an assembled line on one short line: "6 + 4", "4 missing", "2 late".
 *
 * Where there is no room for the word, its icon stands for it: what is shown is whole.
 * What is not known yet is shown as "…", in no colour.
 */
export class AssemblyChip extends Component {
    static template = "ato_mixed_sales.AssemblyChip";
    static props = {
        figures: Object,
        digits: {type: Array, optional: true},
        isUnknown: {type: Boolean, optional: true},
    };

    setup() {
        this.rootRef = useRef("root");
        this.state = useState({hasRoom: true});
        useEffect(
            () => this.lookForRoom(),
            () => [this.text]
        );
        // Columns get their widths once their cells are there
        useEffect(
            (el) => {
                const observer = new ResizeObserver(() => this.lookForRoom());
                observer.observe(el);
                return () => observer.disconnect();
            },
            () => [this.rootRef.el.parentElement]
        );
    }

    get status() {
        return !this.props.isUnknown && this.props.figures.status;
    }

    get color() {
        return `text-${getLook(this.status).color}`;
    }

    get parts() {
        return formatParts(this.props.figures, this.props.digits);
    }

    get text() {
        return this.status ? getWords(this.status, this.parts) : "…";
    }

    get isNarrow() {
        return Boolean(this.status && this.parts.length === 1 && !this.state.hasRoom);
    }

    get icon() {
        return getLook(this.status).icon;
    }

    lookForRoom() {
        const {el} = this.rootRef;
        if (el) {
            const padding = parseFloat(getComputedStyle(el).paddingLeft);
            const width = Math.ceil(measure(this.text, el) + 2 * padding);
            this.state.hasRoom = width <= el.parentElement.clientWidth;
        }
    }
}

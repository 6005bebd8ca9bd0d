import {Component, useEffect, useState} from "@odoo/owl";
import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {getActiveHotkey} from "@web/core/hotkeys/hotkey_service";
import {registry} from "@web/core/registry";
import {useAssemblyFigures} from "../assembly_figures/assembly_figures_service";
import {usePopover} from "@web/core/popover/popover_hook";

// What floats lose, and no unit counts
const SMALLEST = 1e-6;

/**
 * Says under the cell what may be typed into it.
 */
class QtyToAssembleLimit extends Component {
    static template = "ato_mixed_sales.QtyToAssembleLimit";
    static props = {id: String, text: String, close: {type: Function, optional: true}};
}

/**
 * The quantity to assemble in a list of order lines, for whoever types blind.
 *
 * The cell takes the focus on every line, so that Tab goes the same way whatever the
 * product and however slow the network. Until the product is known it takes what is
 * typed, which is for the product that comes. On a line of which nothing can be
 * assembled it is empty, and what is typed into it goes nowhere. What is more, or less,
 * than can be assembled is red, and says why, while it is typed.
 *
 * Alt+Down opens what the chip of the line opens, with its first answer in focus: Enter
 * takes it.
 */
export class QtyToAssembleField extends FloatField {
    static template = "ato_mixed_sales.QtyToAssembleField";

    setup() {
        super.setup();
        this.entry = useState({isAwaitingAnswer: false, typed: null});
        this.figures = useAssemblyFigures();
        this.limit = usePopover(QtyToAssembleLimit, {
            animation: false,
            closeOnClickAway: false,
            popoverClass: "o_assembly_limit",
            position: "bottom-end",
        });
        this.isTyped = false;
        useEffect(
            () => this.followValue(),
            () => [this.formattedValue]
        );
        useEffect(
            () => this.showLimit(),
            () => [this.limitText, this.entry.typed !== null]
        );
    }

    get isAssembled() {
        const {is_assembled, qty_to_assemble_to_order} = this.props.record.data;
        return Boolean(is_assembled || qty_to_assemble_to_order);
    }

    /**
     * Whether what is typed may be for another product than the one that is known.
     */
    get isTypedAhead() {
        return this.entry.isAwaitingAnswer || this.props.record.data.awaits_product;
    }

    /**
     * What is wrong with the figure, as it is typed; nothing while that is unknown.
     */
    get limitText() {
        const {limits} = this.props.record.data.assembly_figures || {};
        const quantity = this.value;
        if (!limits || !quantity || this.figures.areAwaited || this.isTypedAhead) {
            return "";
        }
        if (quantity > limits.upper + SMALLEST) {
            return limits.upper_text;
        }
        return quantity < limits.lower - SMALLEST ? limits.lower_text : "";
    }

    /**
     * What was typed stays until it is answered, as in any other cell: ours is drawn
     * anew meanwhile.
     */
    get value() {
        return this.entry.typed ?? super.value;
    }

    get limitId() {
        return `qty_to_assemble_limit_${this.props.record.id}`;
    }

    get isInert() {
        return !this.isAssembled && (this.props.readonly || !this.isTypedAhead);
    }

    get formattedValue() {
        return this.isInert ? "" : super.formattedValue;
    }

    /**
     * An answer has changed the figure, perhaps while the cell has the focus.
     */
    followValue() {
        const input = this.inputRef.el;
        if (!input) {
            return;
        }
        if (this.isInert) {
            input.value = "";
            this.isTyped = false;
        }
        // As it was when the focus came: the next key replaces the figure
        if (input === document.activeElement && !this.isTyped) {
            input.select();
        }
    }

    /**
     * Say it under the cell as long as the focus is in it.
     */
    showLimit() {
        const {el} = this.inputRef;
        this.limit.close();
        if (this.limitText && el && el === document.activeElement) {
            this.limit.open(el, {id: this.limitId, text: this.limitText});
        }
    }

    async onFocusIn() {
        super.onFocusIn();
        this.isTyped = false;
        this.entry.isAwaitingAnswer = true;
        await this.forgetAnswered();
        this.entry.isAwaitingAnswer = false;
    }

    /**
     * What was typed counts as long as it is not answered, or still being typed.
     */
    async forgetAnswered() {
        await this.props.record.model.mutex.getUnlockedDef();
        if (!this.state.hasFocus || !this.isTyped) {
            this.entry.typed = null;
        }
    }

    onInput({target}) {
        this.isTyped = true;
        try {
            this.entry.typed = this.parse(target.value);
        } catch {
            this.entry.typed = null;
        }
    }

    onKeydown(ev) {
        if (getActiveHotkey(ev) === "alt+arrowdown") {
            ev.preventDefault();
            this.openAnswers();
        }
    }

    /**
     * The answers are to what is typed: it is told before they are shown.
     */
    openAnswers() {
        const input = this.inputRef.el;
        input.dispatchEvent(new Event("change"));
        input.closest("tr")?.querySelector(".o_assembly_chip_button")?.click();
    }

    onFocusOut() {
        super.onFocusOut();
        this.limit.close();
        if (this.isTyped && this.isTypedAhead && super.value === 0) {
            this.commitZero();
        }
        this.forgetAnswered();
    }

    /**
     * A zero that stood there before it was typed is somebody's decision as well, for
     * the product that comes: see `_prepare_typed_ahead_basis` of the order line.
     */
    commitZero() {
        const {name, record} = this.props;
        if (this.inputRef.el?.value === this.formattedValue) {
            record.update({
                [name]: 0,
                assembly_basis: {
                    product_id: false,
                    quantity: record.data.product_uom_qty,
                    to_order: true,
                },
            });
        }
    }
}

export const qtyToAssembleField = {
    ...floatField,
    component: QtyToAssembleField,
    supportedTypes: ["float"],
    fieldDependencies: [
        {name: "is_assembled", type: "boolean"},
        {name: "awaits_product", type: "boolean"},
        {name: "assembly_basis", type: "json", readonly: false},
        {name: "assembly_figures", type: "json"},
    ],
};

registry.category("fields").add("qty_to_assemble", qtyToAssembleField);

import {useEffect, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {FloatField, floatField} from "@web/views/fields/float/float_field";

/**
 * The quantity to assemble in a list of order lines, for whoever types blind.
 *
 * The cell takes the focus on every line, so that Tab goes the same way whatever the
 * product and however slow the network. Until the product is known it takes what is
 * typed, which is for the product that comes. On a line of which nothing can be
 * assembled it is empty, and what is typed into it goes nowhere.
 */
export class QtyToAssembleField extends FloatField {
    static template = "ato_mixed_sales.QtyToAssembleField";

    setup() {
        super.setup();
        this.entry = useState({isAwaitingAnswer: false});
        this.isTyped = false;
        useEffect(
            () => this.followValue(),
            () => [this.formattedValue]
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

    async onFocusIn() {
        super.onFocusIn();
        this.isTyped = false;
        this.entry.isAwaitingAnswer = true;
        await this.props.record.model.mutex.getUnlockedDef();
        this.entry.isAwaitingAnswer = false;
    }

    onInput() {
        this.isTyped = true;
    }

    onFocusOut() {
        super.onFocusOut();
        if (this.isTyped && this.isTypedAhead && this.value === 0) {
            this.commitZero();
        }
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
    ],
};

registry.category("fields").add("qty_to_assemble", qtyToAssembleField);

import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {registry} from "@web/core/registry";
import {useState} from "@odoo/owl";

/**
 * Rows with a box to search them by what their many2one fields say.
 *
 * All rows are there already: searching asks the server nothing. Rows with a quantity
 * of their own stay in sight, so that nothing is reserved that nobody sees.
 */
export class SearchedRowsField extends X2ManyField {
    static template = "ato_mixed_sales.SearchedRowsField";

    setup() {
        super.setup();
        this.search = useState({text: ""});
    }

    get shownRows() {
        const words = this.search.text.toLowerCase().split(/\s+/).filter(Boolean);
        return this.list.records.filter(
            (record) =>
                record.isInEdition ||
                record.data.qty_to_reserve ||
                this.isFound(record, words)
        );
    }

    get rendererProps() {
        const props = super.rendererProps;
        if (this.search.text) {
            const records = this.shownRows;
            // The list as it is, but for the rows that are shown and walked through
            props.list = new Proxy(props.list, {
                get: (list, name) =>
                    name === "records" ? records : Reflect.get(list, name),
            });
        }
        return props;
    }

    onInput(event) {
        this.search.text = event.target.value;
    }

    /**
     * Go on from the search to the rows by keyboard.
     *
     * @param {KeyboardEvent} event
     */
    onKeydown(event) {
        const [first] = this.shownRows;
        if (first && ["Enter", "ArrowDown"].includes(event.key)) {
            event.preventDefault();
            event.stopPropagation();
            this.list.enterEditMode(first);
        }
    }

    isFound(record, words) {
        const text = Object.values(record.data)
            .map((value) => value?.display_name || "")
            .join(" ")
            .toLowerCase();
        return words.every((word) => text.includes(word));
    }
}

registry.category("fields").add("ato_searched_rows", {
    ...x2ManyField,
    component: SearchedRowsField,
});

import {Component, useState} from "@odoo/owl";
import {AssemblyStatus} from "../assembly_status/assembly_status";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

const ANSWER = "action_assemble_missing";

/**
 * The lines of an order that nothing covers, or that mix sources, each with its answer, before it is
 * confirmed: one click goes on as it is.
 */
export class UncoveredDialog extends Component {
    static template = "ato_mixed_sales.UncoveredDialog";
    static components = {AssemblyStatus, Dialog};
    static props = {
        rows: Array,
        load: Function,
        confirm: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        // Those that are answered stay, for whoever looks what has become of them
        this.state = useState({rows: this.props.rows, answered: {}, isBusy: false});
    }

    get hasMissing() {
        return this.openRows.some((row) => row.missing_qty > 0);
    }

    get hasMixed() {
        return this.openRows.some((row) => row.is_mixed);
    }

    get title() {
        if (!this.openRows.length) {
            return _t("Everything is covered");
        }
        return this.hasMissing
            ? _t("Not everything is covered")
            : _t("Not as the customer wants it");
    }

    get openRows() {
        return this.state.rows.filter((row) => !this.isAnswered(row));
    }

    get answerableRows() {
        return this.openRows.filter((row) => this.getAnswer(row));
    }

    isAnswered(row) {
        return Boolean(this.state.answered[row.line_id]);
    }

    /**
     * What is missing, and when it would be there.
     */
    getText(row) {
        return [row.status_text, row.promise_text].filter(Boolean).join("; ");
    }

    getAnswer(row) {
        return row.suggestions.find(({action}) => action === ANSWER);
    }

    /**
     * Have what is missing of the lines assembled.
     *
     * @param {Object[]} rows
     */
    async assemble(rows) {
        this.state.isBusy = true;
        try {
            const ids = rows.map((row) => row.line_id);
            await this.orm.call("sale.order.line", ANSWER, [ids]);
            const left = await this.props.load();
            const byLine = Object.fromEntries(left.map((row) => [row.line_id, row]));
            for (const row of this.state.rows) {
                this.state.answered[row.line_id] = !(row.line_id in byLine);
            }
            this.state.rows = this.state.rows.map((row) => byLine[row.line_id] || row);
        } finally {
            this.state.isBusy = false;
        }
    }

    goOn() {
        this.props.confirm();
        this.props.close();
    }
}

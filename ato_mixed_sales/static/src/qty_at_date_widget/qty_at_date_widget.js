import {
    QtyAtDatePopover,
    QtyAtDateWidget,
    qtyAtDateWidget,
} from "@sale_stock/widgets/qty_at_date_widget";
import {formatDay, prepareFigure} from "../assembly_figures/assembly_figures";
import {getSuggestions, useAssemblyAnswers} from "../assembly_figures/assembly_answer";
import {useEffect, useRef, useState} from "@odoo/owl";
import {AssemblyChip, getChipWords} from "../assembly_status/assembly_chip";
import {AssemblyStatus} from "../assembly_status/assembly_status";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {useAssemblyFigures} from "../assembly_figures/assembly_figures_service";
import {usePopover} from "@web/core/popover/popover_hook";

const FEW_FRAMES = 10;
const PARTS = ["qty_from_stock", "qty_to_assemble_to_order"];
const FIGURES = [
    "qty_from_stock",
    "reserved_stock_qty",
    "qty_to_assemble_to_order",
    "qty_assembled",
    "able_to_assemble_qty",
    "components_short_qty",
    "missing_qty",
    "deductible_qty",
];

/**
 * What there is, and what becomes of the promised day.
 *
 * @param {Object} figures of an assembled line
 * @returns {String}
 */
function getSentence({status_text: text, promise_text: promise}) {
    return [text, promise].filter(Boolean).join("; ");
}

/**
 * Give the focus to the chip of a line, unless somebody has taken it elsewhere.
 *
 * @param {Object} record a line that has been read anew: it is drawn soon
 */
async function focusChip({id}) {
    for (let frame = 0; frame < FEW_FRAMES; frame++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const row = document.querySelector(`[data-id='${id}']`);
        if (row && document.activeElement === document.body) {
            row.querySelector(".o_assembly_chip_button")?.focus();
            return;
        }
    }
}

/**
 * In the place of Odoo's icon, lines that are assembled have a chip: see AssemblyChip.
 * What it opens has the sentence, the dates and the answers.
 */
patch(QtyAtDateWidget.prototype, {
    setup() {
        super.setup();
        this.figuresService = useAssemblyFigures();
        // Popovers are outside of the form: what is answered is answered from here
        this.answers = useAssemblyAnswers();
        this.assemblyPopover = usePopover(this.constructor.components.Popover, {
            position: "top",
            setActiveElement: true,
        });
    },

    /**
     * @returns {Object|false} the figures of an assembled line of which something is open
     */
    get assemblyFigures() {
        const figures = this.props.record.data.assembly_figures;
        return figures?.status ? figures : false;
    },

    get digits() {
        return this.props.record.fields.product_uom_qty?.digits;
    },

    /**
     * The sentence, with what can be read: who speaks to the screen says that.
     *
     * @returns {String}
     */
    get label() {
        if (this.figuresService.areAwaited) {
            return _t("Not known yet");
        }
        const sentence = getSentence(this.assemblyFigures);
        const words = getChipWords(this.assemblyFigures, this.digits);
        return sentence.includes(words) ? sentence : `${sentence}; ${words}`;
    },

    openAssembly(ev) {
        this.updateCalcData();
        this.assemblyPopover.open(ev.currentTarget, {
            record: this.props.record,
            calcData: this.calcData,
            answer: (suggestion) => this.answer(suggestion),
        });
    },

    /**
     * Do what is suggested, and stay at the line: its chip may be another one then.
     */
    async answer(suggestion) {
        const line = await this.answers.answer(this.props.record, suggestion);
        if (line) {
            const {order_line: lines} = line.model.root.data || {};
            const isSame = ({resId}) => resId && resId === line.resId;
            await focusChip(lines?.records.find(isSame) || line);
        }
    },
});

QtyAtDateWidget.components = {...QtyAtDateWidget.components, AssemblyChip};
QtyAtDatePopover.components = {...QtyAtDatePopover.components, AssemblyStatus};
QtyAtDatePopover.props = {
    ...QtyAtDatePopover.props,
    answer: {type: Function, optional: true},
};

patch(QtyAtDatePopover.prototype, {
    setup() {
        super.setup();
        this.line = useState(this.props.record);
        this.figuresService = useAssemblyFigures();
        this.sentenceRef = useRef("sentence");
        useEffect(
            () => this.moveFocus(),
            () => [this.suggestions.length]
        );
    },

    get isUnknown() {
        return this.figuresService.areAwaited;
    },

    /**
     * @returns {Object[]} what can be done about what is known
     */
    get suggestions() {
        return this.props.answer && !this.isUnknown ? getSuggestions(this.line) : [];
    },

    /**
     * @returns {Object|false} what is shown of an assembled line
     */
    get assembly() {
        const {data, fields} = this.line;
        const figures = data.assembly_figures;
        if (!figures) {
            return false;
        }
        const {digits} = fields.product_uom_qty || {};
        const isDated = figures.is_late || !figures.status;
        return {
            status: figures.status,
            text: getSentence(figures),
            isLate: figures.is_late,
            price: data.assembly_price?.text,
            cost: data.assembly_cost?.text,
            changes: figures.component_changes || [],
            deliveryDay: formatDay(figures.delivery_date),
            // How early a line could leave that is on time is nobody's question here
            availabilityDay: isDated && formatDay(figures.availability_date),
            figures: FIGURES.map((key) =>
                prepareFigure({...data, ...figures}, key, digits)
            ).filter(({key, isNothing}) => !isNothing || PARTS.includes(key)),
        };
    },

    /**
     * To the first answer as soon as it is known, for keyboards.
     */
    moveFocus() {
        const {el} = this.sentenceRef;
        if (el && this.props.answer) {
            const popover = el.parentElement;
            (popover.querySelector(".o_assembly_answer") || el).focus();
        }
    },

    answer(suggestion) {
        this.props.close();
        this.props.answer(suggestion);
    },
});

patch(qtyAtDateWidget, {
    // What "99 missing" takes
    listViewWidth: 63,
    fieldDependencies: [
        ...qtyAtDateWidget.fieldDependencies,
        {name: "assembly_figures", type: "json"},
        {name: "assembly_price", type: "json"},
        {name: "assembly_cost", type: "json"},
        {name: "qty_from_stock", type: "float"},
        {name: "qty_to_assemble_to_order", type: "float"},
        {name: "qty_assembled", type: "float"},
    ],
});

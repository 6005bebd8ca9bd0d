import {
    QtyAtDatePopover,
    QtyAtDateWidget,
    qtyAtDateWidget,
} from "@sale_stock/widgets/qty_at_date_widget";
import {formatDay, prepareFigure} from "../assembly_figures/assembly_figures";
import {AssemblyStatus} from "../assembly_status/assembly_status";
import {patch} from "@web/core/utils/patch";

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

patch(QtyAtDateWidget.prototype, {
    initCalcData() {
        super.initCalcData();
        if (this.assemblyFigures) {
            // The colour is that of the status: Odoo would warn of what is assembled
            this.calcData.forecasted_issue = false;
        }
    },

    /**
     * @returns {Object|false} the figures of an assembled line
     */
    get assemblyFigures() {
        return this.props.record.data.assembly_figures;
    },

    get assemblyColor() {
        return AssemblyStatus.getColor(this.assemblyFigures?.status);
    },
});

QtyAtDatePopover.components = {...QtyAtDatePopover.components, AssemblyStatus};

patch(QtyAtDatePopover.prototype, {
    /**
     * @returns {Object|false} what is shown of an assembled line
     */
    get assembly() {
        const {data, fields} = this.props.record;
        const figures = data.assembly_figures;
        if (!figures) {
            return false;
        }
        const {digits} = fields.product_uom_qty || {};
        return {
            status: figures.status,
            text: figures.status_text,
            isLate: figures.is_late,
            deliveryDay: formatDay(figures.delivery_date),
            availabilityDay: formatDay(figures.availability_date),
            figures: FIGURES.map((key) =>
                prepareFigure({...data, ...figures}, key, digits)
            ).filter(({key, isNothing}) => !isNothing || PARTS.includes(key)),
        };
    },
});

patch(qtyAtDateWidget, {
    fieldDependencies: [
        ...qtyAtDateWidget.fieldDependencies,
        {name: "assembly_figures", type: "json"},
        {name: "qty_from_stock", type: "float"},
        {name: "qty_to_assemble_to_order", type: "float"},
        {name: "qty_assembled", type: "float"},
    ],
});

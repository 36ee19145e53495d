package org.tokend.benchmarks.report;

import java.util.Locale;
import java.util.Map;

/** Draws a chart: a bar for each subject, the number at its end; date, machine and versions below. */
final class Svg {
    private static final int WIDTH = 860;
    private static final int LEFT = 250;
    private static final int RIGHT = 100;
    private static final int TOP = 48;
    private static final int BAR = 16;
    private static final int GAP = 4;
    private static final int GROUP = 30;
    private static final int FOOT = 46;

    private Svg() {}

    static String of(Chart chart, Map<String, String> machine) {
        double most = chart.groups().stream()
                .flatMap(group -> group.bars().stream())
                .mapToDouble(Chart.Bar::value)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        StringBuilder body = new StringBuilder();
        int y = TOP;
        for (Chart.Group group : chart.groups()) {
            y += GROUP;
            body.append(text(12, y - 10, "font-weight=\"bold\"", group.name()));
            for (Chart.Bar bar : group.bars()) {
                body.append(bar(bar, y, most));
                y += BAR + GAP;
            }
        }
        int height = y + FOOT;
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + WIDTH + "\" height=\"" + height
                + "\" viewBox=\"0 0 " + WIDTH
                + " " + height + "\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
                + text(12, 28, "font-size=\"17\"", chart.title() + " (" + chart.unit() + ", medians)")
                + body
                + foot(machine, height)
                + "</svg>\n";
    }

    private static String bar(Chart.Bar bar, int y, double most) {
        long length = Double.isFinite(bar.value()) ? Math.round((WIDTH - LEFT - RIGHT) * bar.value() / most) : 0;
        return text(LEFT - 8, y + 12, "text-anchor=\"end\"", bar.name())
                + String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
                        LEFT,
                        y,
                        Math.max(1, length),
                        BAR,
                        colour(bar.name()))
                + text((int) (LEFT + length + 6), y + 12, "", Table.number(bar.value()));
    }

    /** Peers are grey, ours have a colour for each way in. */
    private static String colour(String subject) {
        if (subject.startsWith("p11-kit socket")) {
            return "#c2571a";
        }
        if (subject.startsWith("native") || subject.startsWith("tokend") || subject.startsWith("tokenctl")) {
            return "#1f6f8b";
        }
        return subject.startsWith("client-lib") ? "#5b9e6f" : "#9a9a9a";
    }

    private static String foot(Map<String, String> machine, int height) {
        String first = machine.get("date") + ", " + machine.get("processor") + ", " + machine.get("cores")
                + " cores, kernel " + machine.get("kernel") + ", Java " + machine.get("java");
        String second = machine.get("tokend") + ", SoftHSM " + machine.get("SoftHSM") + ", p11-kit "
                + machine.get("p11-kit") + ", " + machine.get("OpenSSL");
        return text(12, height - 24, "font-size=\"10\" fill=\"#666\"", first)
                + text(12, height - 10, "font-size=\"10\" fill=\"#666\"", second);
    }

    private static String text(int x, int y, String attributes, String content) {
        String escaped = content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return "<text x=\"" + x + "\" y=\"" + y + "\" " + attributes + ">" + escaped + "</text>\n";
    }
}

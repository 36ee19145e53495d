package org.tokend.tokenctl.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Columns of text; the last one is as wide as it is. Without a terminal there is no heading, so that scripts can cut. */
public final class Table {

    /** One cell. */
    public record Cell(String text, Colour colour) {
        public static Cell of(String text) {
            return new Cell(text, Colour.PLAIN);
        }
    }

    private final List<String> headings;
    private final List<List<Cell>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    public Table row(Object... cells) {
        List<Cell> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell instanceof Cell made ? made : Cell.of(String.valueOf(cell)));
        }
        rows.add(row);
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public void print(PrintStream out, boolean heading, boolean colours) {
        List<List<Cell>> all = new ArrayList<>();
        if (heading) {
            all.add(headings.stream()
                    .map(text -> new Cell(text, Colour.HEADING))
                    .toList());
        }
        all.addAll(rows);
        int[] widths = widths(all);
        for (List<Cell> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                Cell cell = row.get(i);
                line.append(cell.colour().paint(Safe.text(cell.text()), colours));
                if (i + 1 < row.size()) {
                    line.append(" ".repeat(widths[i] - width(cell) + 2));
                }
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int[] widths(List<List<Cell>> all) {
        int[] widths = new int[headings.size()];
        for (List<Cell> row : all) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return widths;
    }

    private static int width(Cell cell) {
        String text = Safe.text(cell.text());
        return text.codePointCount(0, text.length());
    }
}

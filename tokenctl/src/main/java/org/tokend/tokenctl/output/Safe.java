package org.tokend.tokenctl.output;

/** Labels come from tokens and subjects from certificates: neither may steer the terminal they are shown on. */
public final class Safe {

    private Safe() {}

    public static String text(String untrusted) {
        StringBuilder safe = new StringBuilder(untrusted.length());
        untrusted.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean visible = !Character.isISOControl(c) && type != Character.FORMAT && type != Character.SURROGATE;
            safe.appendCodePoint(visible ? c : '?');
        });
        return safe.toString();
    }
}

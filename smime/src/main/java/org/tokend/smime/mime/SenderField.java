package org.tokend.smime.mime;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a mail says it is from.
 *
 * @param addresses in From, or those in Sender where there is one, as RFC 8550 §4.4.1 reads them
 * @param problem why the fields cannot be relied on, or empty: two From fields, or a name that looks like another address
 */
public record SenderField(List<String> addresses, String problem) {

    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>\"'(),:;@]+@[^\\s<>\"'(),:;@]+");

    public SenderField {
        addresses = List.copyOf(addresses);
    }

    public static SenderField of(Headers headers) {
        List<HeaderField> from =
                headers.fields().stream().filter(field -> field.is("From")).toList();
        if (from.isEmpty()) {
            return new SenderField(List.of(), "");
        }
        if (from.size() > 1) {
            return new SenderField(
                    List.of(), "the mail has more than one From field; which one a program shows is chance");
        }
        List<String> addresses = new ArrayList<>();
        String problem = read(from.get(0).value(), addresses);
        for (HeaderField sender : headers.fields()) {
            if (problem.isEmpty() && sender.is("Sender")) {
                problem = read(sender.value(), addresses);
            }
        }
        return new SenderField(problem.isEmpty() ? addresses : List.of(), problem);
    }

    private static String read(String value, List<String> addresses) {
        try {
            for (InternetAddress each : InternetAddress.parse(value, false)) {
                String address = each.getAddress();
                if (address == null || !address.contains("@") || address.indexOf('\0') >= 0) {
                    return "the sender's address cannot be understood";
                }
                addresses.add(address);
                String name = each.getPersonal();
                Matcher inName = ADDRESS.matcher(name == null ? "" : name);
                while (inName.find()) {
                    if (!inName.group().equalsIgnoreCase(address)) {
                        return "the sender's name shows the address " + inName.group() + ", but the mail is from "
                                + address;
                    }
                }
            }
            return "";
        } catch (AddressException notAnAddress) {
            return "the sender's address cannot be understood";
        }
    }
}

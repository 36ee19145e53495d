package org.tokend.smime.testing;

import java.util.ArrayList;
import java.util.List;

/** All orders in which the same things can come: what is decided about them must not depend on it. */
public final class Orders {
    private Orders() {}

    public static <T> List<List<T>> of(List<T> all) {
        if (all.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> found = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            List<T> rest = new ArrayList<>(all);
            T first = rest.remove(i);
            for (List<T> order : of(rest)) {
                List<T> one = new ArrayList<>(List.of(first));
                one.addAll(order);
                found.add(one);
            }
        }
        return found;
    }
}

package org.tokend.pkcs11.object;

/**
 * What the objects of all tokens may take of this process's memory, in bytes: a token says what it likes, without end where it is broken.
 * One for all modules, each of which has a part that no other can take. Thread-safe.
 */
public final class CatalogRoom {
    /** Enough for more than a thousand objects. */
    static final long OWN = 8L << 20;

    private final long all;
    private long taken;

    /** @param all what modules take beyond what is their own */
    public CatalogRoom(long all) {
        this.all = all;
    }

    /** Half of the heap. */
    public static CatalogRoom ofHeap() {
        return new CatalogRoom(Runtime.getRuntime().maxMemory() / 2);
    }

    public Part part() {
        return new Part();
    }

    /** The part of one module. */
    public final class Part {
        private long its;

        private Part() {}

        public Share share() {
            return new Share(this);
        }

        /** What more bytes take of what all share. */
        private long shared(long bytes) {
            return Math.max(0, its + bytes - OWN) - Math.max(0, its - OWN);
        }

        private void add(long bytes) {
            taken += shared(bytes);
            its += bytes;
        }
    }

    /** The share of one token. */
    public final class Share {
        private final Part part;
        private long its;

        private Share(Part part) {
            this.part = part;
        }

        /** False, and nothing is taken, where there is no room. */
        boolean tryTake(long bytes) {
            return tryTake(bytes, all);
        }

        /** For what can be asked again: half of the room is left to what cannot. */
        boolean tryTakeSpare(long bytes) {
            return tryTake(bytes, all / 2);
        }

        private boolean tryTake(long bytes, long most) {
            synchronized (CatalogRoom.this) {
                if (part.shared(bytes) > most - taken) {
                    return false;
                }
                add(bytes);
                return true;
            }
        }

        /** From now on it has so much: what is not kept any more is given back. */
        void settle(long bytes) {
            synchronized (CatalogRoom.this) {
                add(bytes - its);
            }
        }

        private void add(long bytes) {
            part.add(bytes);
            its += bytes;
        }
    }
}

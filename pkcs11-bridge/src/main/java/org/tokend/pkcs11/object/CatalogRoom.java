package org.tokend.pkcs11.object;

/**
 * What the objects of all tokens may take of this process's memory, in bytes: a token says what it likes, without end where it is broken.
 * One for all modules. Thread-safe.
 */
public final class CatalogRoom {
    private final long all;
    private long taken;

    public CatalogRoom(long all) {
        this.all = all;
    }

    /** Half of the heap. */
    public static CatalogRoom ofHeap() {
        return new CatalogRoom(Runtime.getRuntime().maxMemory() / 2);
    }

    public Share share() {
        return new Share();
    }

    /** The part of one token. */
    public final class Share {
        private long its;

        private Share() {}

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
                if (bytes > most - taken) {
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
            its += bytes;
            taken += bytes;
        }
    }
}

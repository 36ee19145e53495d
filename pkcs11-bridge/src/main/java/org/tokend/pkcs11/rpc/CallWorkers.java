package org.tokend.pkcs11.rpc;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads and buffers that all connections of applications share. */
public final class CallWorkers implements AutoCloseable {
    private static final long STACK_BYTES = 512 * 1024L;
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final int SPARE_STATIONS = 64;
    private static final int SPARE_READERS = 256;

    private final LargeFrames large;
    private final ThreadPoolExecutor threads;
    private final ConcurrentLinkedDeque<Station> stations = new ConcurrentLinkedDeque<>();
    private final AtomicInteger spare = new AtomicInteger();
    private final ConcurrentLinkedDeque<FrameReader> readers = new ConcurrentLinkedDeque<>();
    private final AtomicInteger spareReaders = new AtomicInteger();

    /**
     * @param most threads in all, besides those that the connections bring along
     * @param largeFrames bytes of memory for all frames that are larger than 64 KiB
     */
    public CallWorkers(int most, long largeFrames) {
        this.large = new LargeFrames(largeFrames);
        this.threads = new ThreadPoolExecutor(
                0,
                most,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform()
                        .name("call-", 0)
                        .daemon()
                        .stackSize(STACK_BYTES)
                        .factory());
    }

    /** @return false when all threads are in use, or no more can be had */
    boolean start(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            return false;
        }
    }

    Station takeStation() {
        Station station = stations.pollFirst();
        if (station == null) {
            return new Station(large);
        }
        spare.decrementAndGet();
        return station;
    }

    /** Whatever stands in it is for nobody any more. */
    void giveBack(Station station) {
        station.wipe();
        if (spare.incrementAndGet() > SPARE_STATIONS) {
            spare.decrementAndGet();
            station.close();
        } else {
            stations.addFirst(station);
        }
    }

    FrameReader takeReader() {
        FrameReader reader = readers.pollFirst();
        if (reader == null) {
            return new FrameReader(large);
        }
        spareReaders.decrementAndGet();
        return reader;
    }

    /** @param reader with nothing in it */
    void giveBack(FrameReader reader) {
        if (spareReaders.incrementAndGet() > SPARE_READERS) {
            spareReaders.decrementAndGet();
            // Slow: the JVM asks all its threads first whether they use the memory.
            reader.close();
        } else {
            readers.addFirst(reader);
        }
    }

    /** When no connection is served any more. */
    @Override
    public void close() {
        threads.shutdown();
        Station station;
        while ((station = stations.pollFirst()) != null) {
            station.close();
        }
        FrameReader reader;
        while ((reader = readers.pollFirst()) != null) {
            reader.close();
        }
    }
}

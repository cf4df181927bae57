package org.bytedeco.cuda.global;

public class cudart {
    static {
        String notLoadable = System.getProperty("fake.notLoadable");
        if (notLoadable != null) {
            throw new UnsatisfiedLinkError(notLoadable);
        }
    }

    public static int cudaGetDeviceCount(int[] count) {
        count[0] = Integer.getInteger("fake.devices", 1);
        return Integer.getInteger("fake.error", 0);
    }

    public static int cudaDeviceGetAttribute(int[] value, int attribute, int device) {
        int capability = Integer.getInteger("fake.capability", 86);
        value[0] = attribute == 75 ? capability / 10 : capability % 10;
        return 0;
    }
}

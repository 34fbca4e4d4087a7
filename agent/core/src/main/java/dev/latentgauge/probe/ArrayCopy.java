package dev.latentgauge.probe;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;

/**
 * Copies of arrays that have their own memory.
 *
 * <p>DJL 0.36 with PyTorch gives none where one asks for it: on the device where the array is,
 * {@code toDevice(device, true)} and {@code toType(type, true)} answer another array on the same
 * memory.
 */
public final class ArrayCopy {

  private ArrayCopy() {}

  /**
   * Copies an array.
   *
   * @param device where the copy is to be
   * @param array dense or sparse, on any device
   * @return an array that belongs to the manager of the original, or to one below it
   */
  public static NDArray on(Device device, NDArray array) {
    return array.getDevice().equals(device) ? array.duplicate() : array.toDevice(device, false);
  }
}

package dev.latentgauge.benchmarks;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * What a score of embeddings cannot do without: a thread reads a file of them from a socket of the
 * loopback interface, straight into the memory of two arrays of libtorch, multiplies probes by
 * anchors, and answers the last entry of the product. There is no protocol around it, nothing is
 * checked, and the memory is the same each time.
 */
final class CopyAndProduct implements AutoCloseable {

  private final ServerSocketChannel listening;
  private final SocketChannel client;
  private final ByteBuffer file;
  private final ByteBuffer[] received;
  private final NDManager manager = NDManager.newBaseManager(Device.cpu());
  private final NDArray anchors;
  private final NDArray probes;
  private final ByteBuffer answer = buffer(Float.BYTES);

  /**
   * Starts the thread.
   *
   * @param file a header, k x d anchors and n x d probes in float32, as safetensors has them
   */
  static CopyAndProduct start(MeasurementSize size, ByteBuffer file) throws IOException {
    CopyAndProduct started = new CopyAndProduct(size, file);
    Thread thread = new Thread(started::serve, "copy-and-product");
    thread.setDaemon(true);
    thread.start();
    return started;
  }

  private CopyAndProduct(MeasurementSize size, ByteBuffer file) throws IOException {
    this.file = file;
    int row = Float.BYTES * size.dimensions();
    ByteBuffer ofAnchors = buffer(size.anchors() * row);
    ByteBuffer ofProbes = buffer(size.probes() * row);
    ByteBuffer header = buffer(file.remaining() - ofAnchors.capacity() - ofProbes.capacity());
    received = new ByteBuffer[] {header, ofAnchors, ofProbes};
    // Of a direct buffer DJL makes an array on the same memory.
    anchors =
        manager.create(ofAnchors, new Shape(size.anchors(), size.dimensions()), DataType.FLOAT32);
    probes =
        manager.create(ofProbes, new Shape(size.probes(), size.dimensions()), DataType.FLOAT32);
    listening =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client = SocketChannel.open(listening.getLocalAddress());
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }

  private void serve() {
    try (SocketChannel channel = listening.accept()) {
      while (fill(channel, received)) {
        channel.write(buffer(Float.BYTES).putFloat(product()).flip());
      }
    } catch (IOException e) {
      // The client finds the connection closed.
    }
  }

  /** Reads until the buffers are full; false if the other end closes before. */
  private static boolean fill(SocketChannel channel, ByteBuffer... buffers) throws IOException {
    for (ByteBuffer buffer : buffers) {
      buffer.clear();
    }
    while (buffers[buffers.length - 1].hasRemaining()) {
      if (channel.read(buffers) < 0) {
        return false;
      }
    }
    return true;
  }

  private float product() {
    try (NDManager pass = manager.newSubManager(Engine.getInstance().defaultDevice())) {
      NDArray product = there(probes, pass).matMul(there(anchors, pass).transpose());
      product.attach(pass);
      return product.getFloat(product.getShape().get(0) - 1, product.getShape().get(1) - 1);
    }
  }

  /** An array on the device of the engine, which is copied if that is a GPU. */
  private static NDArray there(NDArray received, NDManager pass) {
    NDArray there =
        pass.getDevice().isGpu()
            ? received.toDevice(pass.getDevice(), true)
            : received.stopGradient();
    there.attach(pass);
    return there;
  }

  /** Sends the file, and answers what the last probe times the last anchor is. */
  float send() throws IOException {
    ByteBuffer body = file.duplicate();
    while (body.hasRemaining()) {
      client.write(body);
    }
    if (!fill(client, answer)) {
      throw new EOFException("the thread that multiplies has ended");
    }
    return answer.getFloat(0);
  }

  @Override
  public void close() throws IOException {
    client.close();
    listening.close();
    manager.close();
  }
}

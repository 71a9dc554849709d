import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

@Network(input = 8)
interface Mistaken {
  @Linear(out = 3, bias = false) Weighted hidden();
  @BatchNorm1d(features = 5) BatchNorm bn();
  @ReLU Layer relu();
  @Linear(out = 2) Weighted head();
}

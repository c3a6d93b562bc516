//! The operators that are run: those that networks with ReLUs are made of. Loops, branches, sequences and random numbers are not among them, so that
//! a run of any graph ends and comes to the same numbers each time.

use rten::{OpRegistry, op_registry};

macro_rules! operators {
    ($($name:ident)*) => {
        /// Their names.
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// What the runtime is told to run.
        pub(super) fn registry() -> OpRegistry {
            op_registry!($($name),*)
        }
    };
}

operators! {
    Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast CastLike Ceil Clip Concat ConstantOfShape Conv ConvTranspose Cos CumSum
    DepthToSpace DequantizeLinear Div DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand Flatten Floor Gather GatherElements GatherND Gelu Gemm
    GlobalAveragePool Greater GreaterOrEqual HardSigmoid HardSwish Identity InstanceNormalization LayerNormalization LeakyRelu Less LessOrEqual Log
    LogSoftmax LpNormalization MatMul Max MaxPool Mean Min Mod Mul Neg Not OneHot Or Pad Pow PRelu QuantizeLinear Range Reciprocal
    ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize Round Shape Sigmoid Sign Sin Size Slice Softmax
    Softplus Split Sqrt Squeeze Sub Sum Tanh Tile Transpose Trilu Unsqueeze Upsample Where
}

/// Whether an operator of the standard's own set is run; dropout, which does nothing once training is over, is taken out before.
pub(super) fn is_run(name: &str) -> bool {
    name == "Constant" || NAMES.contains(&name)
}

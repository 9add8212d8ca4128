#pragma once

#include <initializer_list>

#include "tensorflow-c.h"

/** A tensor's elements in row-major order. */
template <class Element>
struct Array {
  Element* data = nullptr;
  int rank = 0;
  int64_t dims[4] = {1, 1, 1, 1};

  int64_t size() const { return dims[0] * dims[1] * dims[2] * dims[3]; }
  /** Length of the last axis. */
  int64_t width() const { return rank == 0 ? 1 : dims[rank - 1]; }
  /** How many rows of that length there are. */
  int64_t rows() const { return width() == 0 ? 0 : size() / width(); }

  template <class Other>
  bool sameShape(const Array<Other>& other) const {
    if (rank != other.rank) return false;
    for (int axis = 0; axis < rank; axis++) {
      if (dims[axis] != other.dims[axis]) return false;
    }
    return true;
  }
};

using Floats = Array<const float>;

/** Attributes of an operation, which TensorFlow reads once for all calls that have the same. */
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction* construction)
      : construction_(construction), status_(TF_NewStatus()) {}
  ~Attributes() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelConstruction_Failure(construction_, status_);
    TF_DeleteStatus(status_);
  }

  float number(const char* name) {
    float value = 0;
    if (TF_GetCode(status_) == TF_OK) TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status_);
    return value;
  }

  int64_t integer(const char* name) {
    int64_t value = 0;
    if (TF_GetCode(status_) == TF_OK) TF_OpKernelConstruction_GetAttrInt64(construction_, name, &value, status_);
    return value;
  }

 private:
  TF_OpKernelConstruction* construction_;
  TF_Status* status_;
};

/** One call of a kernel: its inputs and outputs. After `require` or `output` has said false the kernel returns at once. */
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelContext_Failure(context_, status_);
    for (int i = 0; i < held_; i++) TF_DeleteTensor(tensors_[i]);
    TF_DeleteStatus(status_);
  }

  int inputs() const { return TF_NumInputs(context_); }

  Floats input(int index) { return read<const float>(index); }
  Array<const int32_t> integers(int index) { return read<const int32_t>(index); }

  bool require(bool condition, const char* message) {
    if (!condition && TF_GetCode(status_) == TF_OK) TF_SetStatus(status_, TF_INVALID_ARGUMENT, message);
    return TF_GetCode(status_) == TF_OK;
  }

  template <class Element>
  bool output(int index, std::initializer_list<int64_t> dims, Array<Element>* array) {
    array->rank = 0;
    for (int64_t dim : dims) array->dims[array->rank++] = dim;
    return allocate(index, array);
  }

  bool outputLike(int index, const Floats& model, Array<float>* array) {
    array->rank = model.rank;
    for (int axis = 0; axis < 4; axis++) array->dims[axis] = model.dims[axis];
    return allocate(index, array);
  }

 private:
  static constexpr int kMaxTensors = 8;

  template <class Element>
  Array<Element> read(int index) {
    Array<Element> array;
    TF_Tensor* tensor = nullptr;
    if (TF_GetCode(status_) == TF_OK) TF_GetInput(context_, index, &tensor, status_);
    if (TF_GetCode(status_) != TF_OK) return array;
    hold(tensor);
    if (!require(TF_NumDims(tensor) <= 4, "a tensor has more than 4 axes")) return array;
    array.rank = TF_NumDims(tensor);
    for (int axis = 0; axis < array.rank; axis++) array.dims[axis] = TF_Dim(tensor, axis);
    array.data = static_cast<Element*>(TF_TensorData(tensor));
    return array;
  }

  static TF_DataType typeOf(const float*) { return TF_FLOAT; }
  static TF_DataType typeOf(const int32_t*) { return TF_INT32; }

  template <class Element>
  bool allocate(int index, Array<Element>* array) {
    if (TF_GetCode(status_) != TF_OK) return false;
    const size_t bytes = array->size() * sizeof(Element);
    TF_Tensor* tensor =
        TF_AllocateOutput(context_, index, typeOf(array->data), array->dims, array->rank, bytes, status_);
    if (TF_GetCode(status_) != TF_OK) return false;
    hold(tensor);
    array->data = static_cast<Element*>(TF_TensorData(tensor));
    return true;
  }

  void hold(TF_Tensor* tensor) { tensors_[held_++] = tensor; }

  TF_OpKernelContext* context_;
  TF_Status* status_;
  TF_Tensor* tensors_[kMaxTensors];
  int held_ = 0;
};

/** What an operation is called and takes, in the words of TensorFlow's operation definitions ("x: float"). */
struct Definition {
  const char* name;
  std::initializer_list<const char*> inputs;
  std::initializer_list<const char*> outputs;
  std::initializer_list<const char*> attributes;
};

/** Registers with this process's TensorFlow an operation and its CPU kernel: a class made of Attributes, with `compute(Call&)`. */
template <class Kernel>
void registerKernel(const Definition& definition, TF_Status* status) {
  if (TF_GetCode(status) != TF_OK) return;
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(definition.name);
  for (const char* spec : definition.attributes) TF_OpDefinitionBuilderAddAttr(op, spec);
  for (const char* spec : definition.inputs) TF_OpDefinitionBuilderAddInput(op, spec);
  for (const char* spec : definition.outputs) TF_OpDefinitionBuilderAddOutput(op, spec);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, &TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(op, status);
  if (TF_GetCode(status) != TF_OK) return;

  TF_KernelBuilder* kernel = TF_NewKernelBuilder(
      definition.name, "CPU",
      [](TF_OpKernelConstruction* construction) -> void* {
        Attributes attributes(construction);
        return new Kernel(attributes);
      },
      [](void* kernel, TF_OpKernelContext* context) {
        Call call(context);
        static_cast<const Kernel*>(kernel)->compute(call);
      },
      [](void* kernel) { delete static_cast<Kernel*>(kernel); });
  TF_RegisterKernelBuilder(definition.name, kernel, status);
}
